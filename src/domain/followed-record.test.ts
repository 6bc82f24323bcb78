import { describe, expect, test } from 'vitest';
import { mergeLedgerRows } from './followed-ledger.ts';
import { type Followed, followDeletions, followEnriched, type HeldKey } from './followed-record.ts';

const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const key = { repositoryId: 1, number: 2, repository: 'acme/app' };
const ledger = (version: number, over: object = {}) => ({
  ...key,
  version,
  deletedAt: at(1),
  stateUpdatedAt: null,
  reason: 'person' as const,
  deletedBy: 'me',
  permanent: false,
  liftedAt: null,
  ...over,
});
const held = (over: Partial<HeldKey> = {}): HeldKey => ({
  issueVersion: null,
  issueUpdatedAt: over.issueVersion ? at(5) : null,
  ledger: null,
  hasApplied: false,
  owed: null,
  ...over,
});
const issue = (version: number, updatedAt = at(5)) =>
  ({ type: 'issue' as const, version, issue: { updatedAt } }) as never;
const gone = (version: number) => ({ type: 'deleted' as const, ...key, version });
const read = <Record>(record: Record | null, highest: number, last = highest): Followed<Record> => ({
  record,
  all: record === null ? [] : [record],
  highest,
  last,
  timestamp: 1_000,
});

describe('a record on issues.enriched', () => {
  test('above row and ledger row is taken in; at or below them it is not', () => {
    expect(followEnriched(read(issue(5), 5), held({ issueVersion: 4 }), 0).issue).not.toBeNull();
    expect(followEnriched(read(issue(5), 5), held({ issueVersion: 5 }), 0).issue).toBeNull();
    expect(followEnriched(read(issue(5), 5), held({ ledger: ledger(5) }), 0).issue).toBeNull();
    expect(followEnriched(read(issue(5), 5), held({ ledger: ledger(4) }), 0).issue).not.toBeNull();
  });

  test('of an issue with events but no row brings nothing back, also where it was deleted and recreated before', () => {
    const nothing = { issue: null, owes: [] };
    expect(followEnriched(read(issue(5), 5), held({ hasApplied: true }), 0)).toMatchObject(nothing);
    const recreated = held({ hasApplied: true, ledger: ledger(3) });
    expect(followEnriched(read(issue(5), 5), recreated, 0).issue).toBeNull();
    expect(followEnriched(read(issue(5), 5), held({ ledger: ledger(3) }), 0).issue).not.toBeNull();
  });

  test('of an issue that was deleted after that state is not taken in, and is covered by the deletion', () => {
    const late = followEnriched(read(issue(9, at(1)), 9), held({ ledger: ledger(5) }), 0);
    expect(late).toMatchObject({ issue: null, raisesTo: 10 });
    expect(followEnriched(read(issue(9, at(2)), 9), held({ ledger: ledger(5) }), 0).issue).not.toBeNull();
  });

  test('settles what is owed at its version or below', () => {
    const settles = (owed: number) =>
      followEnriched(read(issue(5), 5), held({ issueVersion: owed, owed }), 0).isPublished;
    expect([settles(4), settles(5), settles(6)]).toEqual([true, true, false]);
  });

  test('that is the last and not the newest is covered by a version above all of them', () => {
    const late = followEnriched(read(issue(7), 7, 6), held({ issueVersion: 7 }), 0);
    expect(late).toMatchObject({ raisesTo: 8, owes: [{ topic: 'issues.enriched', version: 8 }] });
    const owedAnyway = followEnriched(read(issue(6), 6), held({ issueVersion: 7, owed: 7 }), 0);
    expect(owedAnyway).toMatchObject({ raisesTo: null, owes: [] });
    const strange = followEnriched(read<never>(null, 0), held({ issueVersion: 7 }), 0);
    expect(strange.owes).toEqual([{ topic: 'issues.enriched', version: 8 }]);
    expect(followEnriched(read<never>(null, 0), held(), 0).owes).toEqual([]);
  });

  test('that says deleted removes the issue, and is remembered', () => {
    expect(followEnriched(read(gone(9), 9), held({ issueVersion: 8 }), 0)).toMatchObject({
      removesIssue: true,
      ledger: { version: 9, deletedAt: new Date(1_000).toISOString(), liftedAt: null },
    });
    expect(followEnriched(read(gone(9), 9), held({ ledger: ledger(9) }), 0).ledger).toBeNull();
  });

  test('that says deleted again does not make a deletion that stands for good one that a person may undo', () => {
    for (const over of [{ reason: 'github-deleted' as const }, { permanent: true }]) {
      const before = ledger(8, over);
      expect(followEnriched(read(gone(9), 9), held({ ledger: before }), 0).ledger).toEqual({
        ...before,
        version: 9,
      });
    }
  });

  test('that is covered by a new version of a ledger row has it on the ledger’s topic too', () => {
    const late = followEnriched(read(gone(7), 7, 6), held({ ledger: ledger(7) }), 0);
    expect(late.owes).toEqual([
      { topic: 'issues.deletions', version: 8 },
      { topic: 'issues.enriched', version: 8 },
    ]);
  });
});

describe('a record on issues.deletions', () => {
  const deletion = (version: number, over: object = {}) => ({
    type: 'deletion' as const,
    ...ledger(version, over),
  });

  test('removes an older issue and leaves a recreated one', () => {
    const removes = (issueVersion: number) =>
      followDeletions(read(deletion(5), 5), held({ issueVersion })).removesIssue;
    expect([removes(4), removes(6)]).toEqual([true, false]);
    expect(followDeletions(read(deletion(5), 5), held({ issueVersion: 6 })).owes).toEqual([]);
  });

  test('removes an issue that is not genuinely newer also where a database that was put back gave it a higher version', () => {
    const removes = (issueUpdatedAt: string, over: object = {}) =>
      followDeletions(
        read(deletion(5, { deletedAt: at(3), ...over }), 5),
        held({ issueVersion: 6, issueUpdatedAt }),
      );
    expect(removes(at(3))).toMatchObject({
      removesIssue: true,
      raisesTo: 7,
      owes: [
        { topic: 'issues.deletions', version: 7 },
        { topic: 'issues.enriched', version: 7 },
      ],
    });
    expect(removes(at(4)).removesIssue).toBe(false);
    expect(removes(at(4), { stateUpdatedAt: at(4) }).removesIssue).toBe(true);
    expect(removes(at(4), { reason: 'github-deleted' }).removesIssue).toBe(true);
    expect(removes(at(3), { liftedAt: at(4) }).removesIssue).toBe(false);
  });

  test('that was lifted removes nothing', () => {
    const lifted = deletion(5, { liftedAt: at(2) });
    expect(followDeletions(read(lifted, 5), held({ issueVersion: 4, ledger: ledger(3) }))).toMatchObject({
      removesIssue: false,
      ledger: { liftedAt: at(2) },
    });
  });

  test('is owed to the other topic too, since the log may have been lost between the two', () => {
    expect(followDeletions(read(deletion(5), 5), held()).owes).toEqual([
      { topic: 'issues.enriched', version: 5 },
    ]);
    expect(followDeletions(read(deletion(5), 5), held({ ledger: ledger(5) })).owes).toEqual([]);
  });

  test('of a deletion that the other topic told of first is not owed to that one again', () => {
    const unknown = ledger(5, { deletedBy: 'unknown', deletedAt: at(0) });
    expect(followDeletions(read(deletion(5), 5), held({ ledger: unknown }))).toMatchObject({
      ledger: { deletedBy: 'me' },
      owes: [],
    });
  });

  test('older than the ledger row is owed again at the version of the row', () => {
    const behind = followDeletions(read(deletion(5), 5), held({ ledger: ledger(7, { deletedAt: at(3) }) }));
    expect(behind).toMatchObject({ ledger: null, owes: [{ topic: 'issues.deletions', version: 7 }] });
  });
});

test('of two ledger rows the later word stands, a permanent one always, and the higher version', () => {
  const deleted = ledger(5);
  const lifted = ledger(6, { liftedAt: at(2) });
  const again = ledger(7, { deletedAt: at(3) });
  const permanent = ledger(4, { permanent: true });
  expect(mergeLedgerRows(deleted, lifted)).toEqual(lifted);
  expect(mergeLedgerRows(lifted, deleted)).toEqual(lifted);
  expect(mergeLedgerRows(lifted, again)).toEqual(again);
  expect(mergeLedgerRows(again, lifted)).toEqual(again);
  expect(mergeLedgerRows(permanent, again)).toEqual({ ...permanent, version: 7 });
  expect(mergeLedgerRows(again, permanent)).toEqual({ ...permanent, version: 7 });
  expect(mergeLedgerRows(ledger(9), lifted)).toEqual({ ...lifted, version: 9 });
});

describe('an erased issue', () => {
  const erased = (version: number) => ledger(version, { permanent: true });

  test('is not taken in again at any version, and its record is covered by a newer one', () => {
    const above = followEnriched(read(issue(9), 9), held({ ledger: erased(5) }), 0);
    expect(above).toMatchObject({
      issue: null,
      ledger: null,
      raisesTo: 10,
      owes: [
        { topic: 'issues.deletions', version: 10 },
        { topic: 'issues.enriched', version: 10 },
      ],
    });
    expect(followEnriched(read(issue(9), 9), held({ ledger: erased(5), owed: 12 }), 0).owes).toEqual([]);
    const lifted = held({ ledger: ledger(5, { permanent: true, liftedAt: at(2) }) });
    expect(followEnriched(read(issue(9), 9), lifted, 0).issue).not.toBeNull();
  });

  test('goes even where another database gave it a higher version', () => {
    const row = { type: 'deletion' as const, ...erased(5) };
    expect(followDeletions(read(row, 5), held({ issueVersion: 9 }))).toMatchObject({
      removesIssue: true,
      ledger: { permanent: true },
      raisesTo: 10,
      owes: [
        { topic: 'issues.deletions', version: 10 },
        { topic: 'issues.enriched', version: 10 },
      ],
    });
    expect(followDeletions(read(row, 5), held({ issueVersion: 4 }))).toMatchObject({
      removesIssue: true,
      raisesTo: null,
    });
  });
});
