import { expect, it } from 'vitest';
import type { EnrichedRecord } from '../../src/contracts/topics.ts';
import type { StoredState } from '../stored-state.ts';
import { checkRecording } from './check-recording.ts';
import type { Heard } from './recording.ts';

const issue = (number: number, version: number, title = `v${version}`): Heard => ({
  kind: 'issue',
  number,
  version,
  title,
});
const connected = (from: 'now' | 'cursor'): Heard => ({ kind: 'connected', gateway: '', from });
const loaded = (...issues: readonly (readonly [number, number])[]): Heard => ({
  kind: 'loaded',
  issues: issues.map(([number, version]) => ({ number, version, title: `v${version}` })),
  deleted: [],
});

/** Issue 1 went through 10, 11 and 12; issue 2 is 20 and was deleted as 21. */
const stored = {
  events: [],
  deletions: [],
  issues: [{ repository_id: 1, number: 1, title: 'v12', version: 12 }],
  feed: [
    ...[10, 11, 12].map((version) => ({
      key: '1#1',
      record: { type: 'issue', number: 1, version, issue: { title: `v${version}` } } as EnrichedRecord,
    })),
    {
      key: '1#2',
      record: { type: 'issue', number: 2, version: 20, issue: { title: 'v20' } } as EnrichedRecord,
    },
    { key: '1#2', record: { type: 'deleted', number: 2, version: 21 } as EnrichedRecord },
  ],
} satisfies StoredState;

const start: readonly Heard[] = [connected('now'), { kind: 'asked' }, loaded()];
const good: readonly Heard[] = [
  ...start,
  issue(1, 10),
  issue(2, 20),
  { kind: 'deleted', number: 2, version: 21 },
  connected('cursor'),
  issue(1, 11),
  issue(1, 12),
];
const found = (...heard: readonly Heard[]) => checkRecording(heard, [stored]).violations;

it('finds nothing where everything was kept', () => {
  expect(found(...good)).toEqual([]);
  expect(found(...start, { kind: 'resync', reason: '' }, { kind: 'asked' }, loaded([1, 12]))).toEqual([]);
});

it.each([
  ['a version that goes back', [...good, issue(1, 11)], '1 went back to 11'],
  ['a version that is left out', [...start, issue(1, 10), issue(1, 12)], '1: 11 was left out'],
  ['another state under a version', [...start, issue(1, 12, 'else')], '1@12 is v12, and else was said'],
  ['a version that nobody published', [...good, issue(1, 13)], '1@13 is undefined, and v13 was said'],
  ['a deleted issue that comes back', [...good, issue(2, 22)], '2 came back as 22'],
  ['a deleted issue in a list', [...good, { kind: 'asked' }, loaded([1, 12], [2, 22])], '2 came back as 22'],
  [
    'a last state that is not the stored one',
    [...start, issue(1, 10)],
    '1 is stored as 12 (v12), and shown as 10 (v10)',
  ],
  [
    'a resync that is not obeyed',
    [...start, issue(1, 10), { kind: 'resync', reason: '' }],
    '1 is stored as 12 (v12), and shown as 10 (v10)',
  ],
  ['a deletion that was missed', [...start, issue(2, 20), issue(1, 12)], '2 is shown, and not stored'],
] as const satisfies readonly (readonly [string, readonly Heard[], string])[])(
  'finds %s',
  (_, heard, violation) => {
    expect(found(...heard)).toContain(violation);
  },
);

it('counts what is heard a second time, except after a resync', () => {
  expect(checkRecording([...good, issue(1, 12)], [stored])).toEqual({ violations: [], repeated: 1 });
  const anew: readonly Heard[] = [{ kind: 'resync', reason: '' }, { kind: 'asked' }, loaded([1, 12])];
  expect(checkRecording([...good, ...anew, issue(1, 12)], [stored])).toEqual({ violations: [], repeated: 0 });
});
