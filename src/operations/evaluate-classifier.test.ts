import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { Classifier } from '../classification/classifier.ts';
import { classifyContent } from '../classification/local/classify-content.ts';
import { readShippedModel } from '../classification/local/model/shipped-model.ts';
import type { Answer } from '../contracts/classification.ts';
import { evaluateClassifier } from './evaluate-classifier.ts';
import { MalformedDataError, readLabelledIssues } from './evaluate-classifier-data.ts';

const directory = mkdtempSync(join(tmpdir(), 'evaluate-'));
afterAll(() => rmSync(directory, { recursive: true }));

const template = classifyContent(readShippedModel(), {
  repositoryId: 0,
  repository: 'a/b',
  title: 't',
  body: '',
});
/** Answers the first word of the title. */
const reader: Classifier = {
  name: 'reader',
  version: '1',
  classify: async (contents) =>
    contents.map(({ title }) => ({
      ...template,
      category: {
        ...template.category,
        value: title.split(' ')[0] as Answer['category']['value'],
        confidence: 0.8,
      },
    })),
  close: async () => undefined,
};

const csv = `\uFEFFrepo,created_at,label,title,body
a/one,2023,bug,bug one,"several
lines, and ""quotes"""
a/one,2023,feature,feature two,
a/one,2023,question,documentation three,
b/two,2023,bug,bug four,known
b/two,2023,Docs,documentation five,
b/two,2023,wontfix,bug six,
`;

const evaluate = (file: string) =>
  evaluateClassifier({
    rows: readLabelledIssues(file),
    classifier: reader,
    trainedOn: (_, body) => body === 'known',
  });

test('figures by class and repository, documentation counting as wrong', async () => {
  const file = join(directory, 'issues.csv');
  writeFileSync(file, csv);
  const evaluation = await evaluate(file);
  expect(evaluation).toMatchObject({ issues: 5, leftOut: 1, seenInTraining: 1, accuracy: 0.8 });
  expect(evaluation.classes).toEqual([
    { category: 'bug', precision: 1, recall: 1, f1: 1, support: 2 },
    { category: 'feature', precision: 1, recall: 1, f1: 1, support: 1 },
    { category: 'question', precision: 0, recall: 0, f1: 0, support: 1 },
    { category: 'documentation', precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
  ]);
  expect(evaluation.repositories[0]).toEqual({ repository: 'a/one', issues: 3, meanF1: 2 / 3 });
  expect(evaluation.meanF1).toBeCloseTo((2 / 3 + 1 / 3) / 2);
  expect(evaluation.calibrationError).toBeCloseTo(0);
});

test('a packed file gives the same', async () => {
  const file = join(directory, 'issues.csv.gz');
  writeFileSync(file, gzipSync(csv));
  expect((await evaluate(file)).issues).toBe(5);
});

test('a missing file or column is an error that names it', async () => {
  await expect(evaluate(join(directory, 'none.csv'))).rejects.toThrow('none.csv');
  const file = join(directory, 'other.csv');
  writeFileSync(file, 'repo,title,body\na/b,t,b\n');
  await expect(evaluate(file)).rejects.toThrow('label');
});

test('what is no such csv is an error of its own', async () => {
  const file = join(directory, 'malformed.csv');
  const head = 'repo,created_at,label,title,body\n';
  const cases = { 'no issues': [head, ''], Quote: [`${head}a/b,1,bug,"t,b\n`], 'line 2': [`${head}a,b\n`] };
  for (const [message, contents] of Object.entries({ ...cases, 'label, body': ['repo,title\n', '\0\n'] })) {
    for (const content of contents) {
      writeFileSync(file, content);
      const failure = await evaluate(file).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(MalformedDataError);
      if (content !== '\0\n') expect(String(failure)).toContain(message);
    }
  }
});
