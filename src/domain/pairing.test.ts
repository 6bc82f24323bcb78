import { describe, expect, test } from 'vitest';
import { decidePairing, type PairingFacts } from './pairing.ts';

const log = { clusterId: 'c1', topicIds: { 'issues.raw': 'r1', 'issues.deletions': 'd1' } };
const facts = (over: Partial<PairingFacts> = {}): PairingFacts => ({
  databaseId: 'db',
  knownLog: log,
  hasHistory: true,
  begun: null,
  log,
  logNames: 'db',
  processedRecords: 10,
  ...over,
});
const fresh = { knownLog: null, hasHistory: false, logNames: null, processedRecords: 0 };
const begun = { id: 1, choice: 'rebuild' as const, log };
const recreated = { ...log, topicIds: { ...log.topicIds, 'issues.raw': 'r2' } };
const elsewhere = { clusterId: 'c2', topicIds: { 'issues.raw': 'r9', 'issues.deletions': 'd9' } };

describe('log and database', () => {
  const paired = { kind: 'paired', changes: [], finishes: null };
  test.each<[string, Partial<PairingFacts>, object]>([
    ['that know each other are paired', {}, paired],
    ['a fresh log that was filled before the first start is new to the database', fresh, { kind: 'first' }],
    [
      'a first start that ended before the log knew is the first still',
      { ...fresh, knownLog: log },
      { kind: 'first' },
    ],
    [
      'a first start that ended before its first claim is paired',
      { hasHistory: false, processedRecords: 0 },
      paired,
    ],
    ['an older database that was put back is paired, and heals', { knownLog: null }, paired],
    [
      'a database that was wiped',
      { ...fresh, logNames: 'gone', processedRecords: 10 },
      { kind: 'ask', reason: 'database-wiped', logNames: 'gone' },
    ],
    [
      'a database that was wiped before it had processed anything',
      { ...fresh, logNames: 'gone' },
      { kind: 'ask', reason: 'database-wiped', logNames: 'gone' },
    ],
    [
      'a database whose tables were emptied',
      { hasHistory: false },
      { kind: 'ask', reason: 'database-emptied', logNames: 'db' },
    ],
    [
      'a new database, and a group that has processed what the log holds',
      { ...fresh, processedRecords: 1 },
      { kind: 'ask', reason: 'database-new', logNames: null },
    ],
    [
      'another cluster, of another database',
      { log: elsewhere, logNames: 'other' },
      { kind: 'ask', reason: 'another-database', logNames: 'other' },
    ],
    [
      'two databases on one log',
      { logNames: 'other' },
      { kind: 'ask', reason: 'another-database', logNames: 'other' },
    ],
    [
      'a log that was wiped, or a new cluster: the pairing is written again',
      { log: elsewhere, logNames: null, processedRecords: 0 },
      { kind: 'write-again', changes: [{ kind: 'another-cluster', from: 'c1', to: 'c2' }] },
    ],
    [
      'a pairing that was never written, or removed',
      { logNames: null },
      { kind: 'write-again', changes: [] },
    ],
    [
      'a topic that was recreated',
      { log: recreated },
      { kind: 'paired', changes: [{ kind: 'topics-recreated', topics: ['issues.raw'] }], finishes: null },
    ],
    [
      'a cluster that was copied with its pairing',
      { log: elsewhere },
      {
        kind: 'paired',
        changes: [{ kind: 'another-cluster', from: 'c1', to: 'c2' }],
        finishes: null,
      },
    ],
    [
      'a choice that was begun goes on',
      { ...fresh, logNames: 'gone', begun, hasHistory: true },
      { kind: 'unfinished', begun },
    ],
    [
      'a choice that was begun over a log without a pairing goes on',
      { ...fresh, begun },
      { kind: 'unfinished', begun },
    ],
    ['a choice whose pairing is written is finished', { begun }, { ...paired, finishes: begun }],
    [
      'a choice that emptied tables finish is finished too',
      { begun, hasHistory: false },
      { ...paired, finishes: begun },
    ],
    [
      'a choice that was begun for another log is given up',
      { begun: { ...begun, log: elsewhere } },
      { kind: 'abandon', begun: { ...begun, log: elsewhere } },
    ],
  ])('%s', (_name, over, decision) => {
    expect(decidePairing(facts(over))).toEqual(decision);
  });
});
