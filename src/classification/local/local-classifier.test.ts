import { afterEach, expect, test, vi } from 'vitest';
import { Answer } from '../../contracts/classification.ts';
import type { Classifier, Content } from '../classifier.ts';
import { classifyContent } from './classify-content.ts';
import { openLocalClassifier } from './local-classifier.ts';
import { readShippedModel } from './model/shipped-model.ts';
import { versionOf } from './model/version-of.ts';

const silent = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(), child: vi.fn() });
const content = (title: string, body = '', repositoryId = 1): Content => ({
  repositoryId,
  repository: 'acme/rocket',
  title,
  body,
});

const open: Classifier[] = [];
const opened = async (
  options: Omit<Parameters<typeof openLocalClassifier>[0], 'logger'> = {},
  logger = silent(),
) => {
  const classifier = await openLocalClassifier({ logger, ...options });
  open.push(classifier);
  return classifier;
};
const withFixture = (logger = silent()) =>
  opened({ workerFile: new URL('./classifier-worker.fixture.ts', import.meta.url) }, logger);

afterEach(async () => {
  for (const classifier of open.splice(0)) await classifier.close();
});

test('answers in order, as the model does in this thread', async () => {
  const classifier = await opened();
  const model = readShippedModel();
  expect(classifier.name).toBe('local');
  expect(classifier.version).toBe(versionOf(model));
  const contents = [content('App crashes'), content('Add dark mode'), content('App crashes')];
  const answers = await classifier.classify(contents);
  expect(answers).toEqual(contents.map((each) => classifyContent(model, each)));
  expect(Answer.safeParse(answers[0]).success).toBe(true);
});

test('equal contents are asked once, within a batch and from batch to batch', async () => {
  const classifier = await withFixture();
  expect(await classifier.classify([content('a'), content('a'), content('b')])).toEqual([
    { title: 'a', asked: 2 },
    { title: 'a', asked: 2 },
    { title: 'b', asked: 2 },
  ]);
  expect(await classifier.classify([content('a'), content('c')])).toEqual([
    { title: 'a', asked: 2 },
    { title: 'c', asked: 1 },
  ]);
});

test('answers never cross repositories', async () => {
  const classifier = await withFixture();
  const answers = await classifier.classify([content('a', '', 1), content('a', '', 2)]);
  expect(answers).toEqual([
    { title: 'a', asked: 2 },
    { title: 'a', asked: 2 },
  ]);
});

test('when the thread dies, what waits rejects, it is said, and the next call gets a new thread', async () => {
  const logger = silent();
  const classifier = await withFixture(logger);
  const waiting = classifier.classify([content('die')]);
  const behind = classifier.classify([content('behind')]);
  await expect(waiting).rejects.toThrow('ended with code 3');
  await expect(behind).rejects.toThrow('ended with code 3');
  expect(logger.error).toHaveBeenCalledOnce();
  expect(await classifier.classify([content('after')])).toEqual([{ title: 'after', asked: 1 }]);
});

test('a batch that fails rejects alone', async () => {
  const classifier = await withFixture();
  await expect(classifier.classify([content('fail')])).rejects.toThrow('told to');
  expect(await classifier.classify([content('a')])).toEqual([{ title: 'a', asked: 1 }]);
});

test('nothing is asked of a closed classifier, and an empty batch asks nobody', async () => {
  const classifier = await withFixture();
  expect(await classifier.classify([])).toEqual([]);
  await classifier.close();
  await expect(classifier.classify([content('a')])).rejects.toThrow('closed');
});

test('a thread that cannot start says so', async () => {
  const missing = new URL('./no-such-worker.ts', import.meta.url);
  await expect(openLocalClassifier({ logger: silent(), workerFile: missing })).rejects.toThrow(
    'no-such-worker',
  );
});
