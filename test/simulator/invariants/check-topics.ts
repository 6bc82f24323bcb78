import { parseKey } from '../../../src/contracts/issue.ts';
import { DeletionRecord, EnrichedRecord, type TopicName, topics } from '../../../src/contracts/topics.ts';
import type { KeptRecord } from '../broker/simulated-partition.ts';
import type { World } from '../world.ts';
import type { StoredRows } from './stored-rows.ts';

const recordsOf = ({ broker }: World, topic: TopicName): ReadonlyMap<string, readonly KeptRecord[]> =>
  Map.groupBy(
    // The ledger's topic also has the pairing, under a key that is no issue's.
    broker.partitions(topic).flatMap(({ history }) => history.filter(({ key }) => parseKey(key) !== null)),
    ({ key }) => key,
  );

const parse = (record: KeptRecord): unknown => JSON.parse(Buffer.from(record.value ?? []).toString());

/** The last record of each key is its newest state, and versions go back or repeat only by a send in flight. */
export function checkEnriched(world: World, rows: StoredRows): readonly string[] {
  const problems: string[] = [];
  const byKey = recordsOf(world, topics.enriched);
  for (const [key, records] of byKey) {
    const states = records.map((record) => ({ record, state: EnrichedRecord.parse(parse(record)) }));
    for (const [index, { record, state }] of states.entries()) {
      const before = states.slice(0, index).filter(({ state: { version } }) => version >= state.version);
      const excused = !record.send.certain || before.every(({ record: { send } }) => !send.certain);
      if (before.length > 0 && !excused) {
        problems.push(`${key}: version ${state.version} comes again or late, and nothing was in flight`);
      }
      const same = before.find(({ state: { version } }) => version === state.version);
      if (same && JSON.stringify(same.state) !== JSON.stringify(state)) {
        problems.push(`${key}: version ${state.version} is two states`);
      }
    }
    const last = states.at(-1)?.state;
    const highest = Math.max(...states.map(({ state }) => state.version));
    const issue = rows.issues.get(key);
    const ledger = rows.ledger.get(key);
    // Of a row that somebody deleted the topic has more than the database.
    const isLost = !issue && world.journal.lost.has(key);
    if (!last || isLost || (!issue && !ledger)) continue;
    if (last.version !== highest)
      problems.push(`${key}: its last record is ${last.version}, after ${highest}`);
    const newest = issue?.version ?? ledger?.version;
    if (last.version !== newest) problems.push(`${key}: its last record is ${last.version}, it is ${newest}`);
    if (last.type !== (issue ? 'issue' : 'deleted')) problems.push(`${key}: its last record is ${last.type}`);
    if (last.type === 'issue' && issue) {
      if (last.issue.title !== issue.state.title || last.issue.comments !== issue.state.comments) {
        problems.push(`${key}: its last record is another state of the same version`);
      }
      if (JSON.stringify(last.corrections) !== JSON.stringify(issue.corrections)) {
        problems.push(`${key}: its last record has other corrections`);
      }
    }
  }
  for (const key of [...rows.issues.keys(), ...rows.ledger.keys()]) {
    if (!byKey.has(key)) problems.push(`${key} was never published`);
  }
  return problems;
}

/** The ledger's topic is a copy of it. */
export function checkDeletions(world: World, rows: StoredRows): readonly string[] {
  const problems: string[] = [];
  const byKey = recordsOf(world, topics.deletions);
  for (const [key, row] of rows.ledger) {
    const record = byKey.get(key)?.at(-1);
    if (!record) {
      problems.push(`${key}: its deletion was never published`);
      continue;
    }
    const said = DeletionRecord.parse(parse(record));
    if (
      said.version !== row.version ||
      Date.parse(said.deletedAt) !== row.deleted_at ||
      said.reason !== row.reason
    ) {
      problems.push(`${key}: the ledger's topic says ${JSON.stringify(said)}`);
    }
  }
  for (const key of byKey.keys())
    if (!rows.ledger.has(key)) problems.push(`${key} is only in the ledger's topic`);
  return problems;
}
