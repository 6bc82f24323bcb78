import { EnrichedRecord, topics } from '../../../src/contracts/topics.ts';
import { refusedByModel } from '../../../src/domain/degraded.ts';
import type { World } from '../world.ts';

interface AnsweredIssue {
  readonly key: string;
  readonly version: number;
  readonly content_hash: string;
  readonly answered: string | null;
  readonly source: string | null;
  readonly degraded: string | null;
  readonly cache_key: string | null;
  readonly answer: string | null;
  /** What is kept under the cache key. */
  readonly stored: string | null;
}

const refusalsAllowed = 3;

const readTopic = ({ broker }: World) =>
  broker
    .partitions(topics.enriched)
    .flatMap(({ history }) => history)
    .map(({ key, value }) => ({
      key,
      record: EnrichedRecord.parse(JSON.parse(Buffer.from(value ?? []).toString())),
    }));

/** The cache keys whose answers the log has as its issues' newest ones. */
export function answersOnLog(world: World): ReadonlySet<string> {
  const last = new Map(readTopic(world).map(({ key, record }) => [key, record]));
  return new Set(
    [...last.values()].flatMap((record) => {
      if (record.type !== 'issue' || record.classification?.source !== 'model') return [];
      return [record.classification.cacheKey];
    }),
  );
}

/**
 * Every answer fits its issue's text, on the topic at every moment and in the database in the end, where each text that the
 * model did not refuse has the model's, the stored one.
 */
export async function checkAnswers(world: World): Promise<readonly string[]> {
  const { rows } = await world.server.postgres.query(
    `select i.repository_id || '#' || i.number as key, i.version, i.content_hash, c.content_hash as answered, c.source,
            c.degraded, c.cache_key, c.answer::text as answer, a.answer::text as stored
       from issues i left join classifications c using (repository_id, number)
       left join ai_answers a on a.cache_key = c.cache_key order by 1`,
  );
  const issues = rows as unknown as readonly AnsweredIssue[];
  return [
    ...issues.flatMap((issue) => [
      ...checkCurrent(issue),
      ...(world.remote ? checkModels(world, issue) : []),
    ]),
    ...checkTopic(world, issues),
  ];
}

function checkCurrent({ key, content_hash, answered }: AnsweredIssue): readonly string[] {
  if (answered === content_hash) return [];
  return [`${key} has the answer to ${answered === null ? 'nothing' : 'another text'}`];
}

function checkModels({ journal }: World, issue: AnsweredIssue): readonly string[] {
  const { key, content_hash: hash, source, degraded, answer, stored } = issue;
  if (source === 'model') {
    if (degraded !== null) return [`${key} has the model's answer, and it is marked: ${degraded}`];
    return answer === stored ? [] : [`${key} shows another answer than the stored one`];
  }
  const end = `/${key.split('#')[0]}/${hash}`;
  const refusals = journal.calls.filter((call) => call.end === 'refused' && call.cacheKey.endsWith(end));
  if (refusals.length >= refusalsAllowed && degraded === refusedByModel) return [];
  return [
    `${key} has the ${source} answer (${degraded}), and the model refused its text ${refusals.length} times`,
  ];
}

function checkTopic(world: World, issues: readonly AnsweredIssue[]): readonly string[] {
  const problems: string[] = [];
  const shown = new Map<string, string>();
  const last = new Map<string, EnrichedRecord>();
  for (const { key, record } of readTopic(world)) {
    last.set(key, record);
    if (record.type !== 'issue') continue;
    const { classification, contentHash: hash, version } = record;
    if (!classification) continue;
    const { cacheKey, source, answer } = classification;
    if (!cacheKey.endsWith(`/${hash}`))
      problems.push(`${key}: version ${version} has the answer to another text`);
    if (source !== 'model') continue;
    const text = JSON.stringify(answer);
    // A database that was lost may have had answers that were not in the log yet: those were paid for again.
    if ((shown.get(cacheKey) ?? text) !== text && !world.journal.databaseLost)
      problems.push(`${key}: version ${version} has another answer to the same text`);
    shown.set(cacheKey, text);
  }
  for (const { key, version, source, degraded, cache_key } of issues) {
    const said = last.get(key);
    if (said?.type !== 'issue' || said.version !== version) continue;
    const { classification } = said;
    const isSame =
      classification?.source === source &&
      classification?.degraded === degraded &&
      classification?.cacheKey === cache_key;
    if (!isSame) problems.push(`${key}: its last record has another answer of the same version`);
  }
  return problems;
}
