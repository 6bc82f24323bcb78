import { expect, test } from 'vitest';
import { type ConsistencyFacts, judgeConsistency, lagOf } from './consistency.ts';

const partition = {
  topic: 'issues.raw',
  partition: 0,
  start: 10,
  end: 50,
  position: 50,
  committed: 50,
  lag: 0,
};
const facts: ConsistencyFacts = {
  database_records: 5,
  partitions: [partition],
  pairing: { status: 'paired', databaseId: 'd', clusterId: 'c', logClusterId: 'c' },
  failed: 0,
  dead: 0,
  missing: { count: 0, sample: [], repair: null, checkedAt: null },
  outbox: 3,
  group: 'the-group',
  mirrors: [{ partition: 0, mirrored: 50, movedTo: null }],
};
const judge = (over: Partial<ConsistencyFacts>) => judgeConsistency({ ...facts, ...over });

test('healthy while nothing is wrong and the lag is under 100', () => {
  expect(judge({})).toMatchObject({ status: 'healthy', reasons: [], kafka_consumer_lag: 0 });
  const half = { ...partition, lag: 49 };
  expect(judge({ partitions: [half, { ...half, partition: 1, lag: 50 }] })).toMatchObject({
    status: 'healthy',
    kafka_consumer_lag: 99,
  });
  expect(judge({ partitions: [half, { ...half, partition: 1, lag: 51 }] }).status).toBe('degraded');
});

test('each thing that is wrong gets a sentence', () => {
  const wrong = judge({
    partitions: [
      { ...partition, position: 4 },
      { ...partition, partition: 1, position: 60 },
      { ...partition, partition: 2, position: null },
    ],
    pairing: {
      status: 'mismatch',
      databaseId: 'd',
      clusterId: 'other',
      logClusterId: 'c',
      reason: 'The log belongs to another database.',
    },
    failed: 1,
    dead: 2,
    missing: { count: 2, sample: ['1#1'], repair: 'do this', checkedAt: null },
  });
  expect(wrong.status).toBe('degraded');
  expect(wrong.reasons).toEqual([
    'issues.raw/0: 6 records were removed before they were processed. To go on behind them, stop the classifier and ' +
      'run `dispatchai groups seek the-group --partition 0 --to start --execute`.',
    "issues.raw/1: the position 60 lies past the log's end 50.",
    'The log belongs to another database.',
    '1 event failed and will be tried again.',
    '2 events could not be processed; the dead letters say why.',
    '2 issues whose events were applied are neither in the database nor in the deletion ledger.',
  ]);
});

test('a mismatch is told with its choices', () => {
  const choices = [{ choice: 'adopt' as const, effect: 'leaves everything' }];
  const pairing = { ...facts.pairing, status: 'mismatch' as const, reason: 'Wiped.', choices };
  expect(judge({ pairing }).reasons).toEqual([
    'Wiped. Intake waits for a choice: DISPATCHAI_ON_MISMATCH=adopt leaves everything.',
  ]);
});

test('an offset that was moved is wrong while it stands, and worth a note once the position has won', () => {
  const moved = judge({ partitions: [{ ...partition, committed: 10 }] });
  expect(moved.reasons).toEqual([
    'issues.raw/0: the committed offset 10 is not what was last mirrored: it was moved from outside, or the ' +
      'database was put back. The position 50 wins; to move it on purpose, stop the classifier and run ' +
      '`dispatchai groups seek the-group --partition 0 --to 10 --execute`.',
  ]);
  const won = judge({ mirrors: [{ partition: 0, mirrored: 50, movedTo: 10 }] });
  expect(won).toMatchObject({ status: 'healthy', reasons: [] });
  expect(won.notes).toEqual([
    expect.stringContaining(
      'committed offset was 10, which was not what was last mirrored, and the position won',
    ),
  ]);
});

test('what an adopted log left is worth a note', () => {
  const chosen = { choice: 'adopt' as const, at: '2026-01-01T00:00:00Z', records: 7 };
  const adopted = judge({ pairing: { ...facts.pairing, chosen } });
  expect(adopted.status).toBe('healthy');
  expect(adopted.notes).toEqual([expect.stringContaining('7 webhooks were left')]);
});

test('lag is what lies between position and end, and all of it where nothing was claimed', () => {
  const range = { start: 10, end: 50 };
  expect([lagOf(range, 45), lagOf(range, 50), lagOf(range, null), lagOf(range, 0), lagOf(range, 60)]).toEqual(
    [5, 0, 40, 40, 0],
  );
});
