import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from './deletion-ledger.ts';
import { foldEvents, type HeldIssue, type Verdict } from './fold-events.ts';
import type { IssueEvent } from './issue-event.ts';
import { history, historyWithoutOpposites } from './issue-history.fixture.ts';

/** What intake does around the fold: stored events are kept with their verdicts and never folded twice. */
function takeIn(batches: readonly (readonly IssueEvent[])[], ledger: LedgerEntry | null = null) {
  let held: HeldIssue | null = null;
  const stored: IssueEvent[] = [];
  const verdicts = new Map<string, Verdict>();
  let versions = 0;
  for (const batch of batches) {
    const second = held
      ? Date.parse((held as HeldIssue).state.updatedAt)
      : Math.max(0, ...stored.map((event) => event.second));
    const neighbours = stored.filter((event) => event.second === second);
    const folded = foldEvents({ held, ledger, stored: neighbours }, batch);
    for (const [id, verdict] of folded.verdicts) verdicts.set(id, verdict);
    stored.push(...batch.filter((event) => verdicts.get(event.deliveryId)?.status !== 'refused'));
    if (folded.outcome === 'changed') {
      held = folded.issue;
      versions += 1;
    }
    if (folded.outcome === 'deleted') held = null;
  }
  return { held: held as HeldIssue | null, verdicts, versions };
}

/** Cuts a list into batches of random sizes. */
const inBatches = <T>(items: readonly T[], cuts: readonly number[]): T[][] => {
  const batches: T[][] = [];
  let rest = [...items];
  for (const cut of cuts) {
    if (rest.length === 0) break;
    batches.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest.length > 0 ? [...batches, rest] : batches;
};

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 10 });
const worked = (source: fc.Arbitrary<readonly IssueEvent[]>) =>
  source.chain((events) => fc.record({ events: fc.constant(events), order: shuffled(events), cuts }));

describe('the fold of an issue’s events', () => {
  it('gives one state whatever the order and the batches in which they are worked on', () => {
    fc.assert(
      fc.property(worked(history), ({ events, order, cuts }) => {
        expect(takeIn(inBatches(order, cuts)).held).toEqual(takeIn([events]).held);
      }),
      { numRuns: 500 },
    );
  });

  it('gives GitHub’s own last state whatever the order of arrival, where no second holds opposite actions', () => {
    fc.assert(
      fc.property(worked(historyWithoutOpposites), ({ events, order, cuts }) => {
        const arrived = order.map((event, index) => ({ ...event, receivedAt: index }));
        const last = events.at(-1)?.state;
        const pinned = events.some((event) => event.action === 'pin');
        const comments = events.filter((event) => event.event === 'issue_comment').length;
        expect(takeIn(inBatches(arrived, cuts)).held?.state).toEqual({ ...last, pinned, comments });
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing and makes no version when the same facts come again', () => {
    fc.assert(
      fc.property(history, (events) => {
        const again = events.map((event) => ({ ...event, deliveryId: `again-${event.deliveryId}` }));
        const once = takeIn([events]);
        const twice = takeIn([events, again.filter((event) => event.change.field !== 'pin')]);
        const opposites = twice.held && JSON.stringify(twice.held.state) !== JSON.stringify(once.held?.state);
        if (!opposites) expect(twice.versions).toBe(once.versions);
      }),
    );
  });

  const opened = (second: number, over: Partial<IssueEvent> = {}): IssueEvent => {
    const [event] = fc.sample(history, { numRuns: 1, seed: 1 })[0] ?? [];
    if (!event) throw new Error('a history begins with an event');
    const updatedAt = `${new Date(second).toISOString().slice(0, 19)}Z`;
    return { ...event, second, state: { ...event.state, updatedAt }, deliveryId: `at-${second}`, ...over };
  };
  const noon = Date.UTC(2026, 0, 1, 12);
  const personal: LedgerEntry = {
    version: 7,
    deletedAt: noon + 500,
    stateSecond: noon,
    permanent: false,
    reason: 'person',
    lifted: false,
  };

  it('lets only a genuinely newer event recreate what a person deleted', () => {
    expect(takeIn([[opened(noon)]], personal).held).toBeNull();
    expect(takeIn([[opened(noon + 1000)]], personal).held).not.toBeNull();
    expect(takeIn([[opened(noon + 1000)]], { ...personal, permanent: true }).held).toBeNull();
    expect(takeIn([[opened(noon + 1000)]], { ...personal, reason: 'github-deleted' }).held).toBeNull();
    expect(takeIn([[opened(noon)]], { ...personal, lifted: true }).held).not.toBeNull();
  });

  it('applies GitHub’s deletion whatever its time, and calls what came with it history', () => {
    const deletion = opened(noon - 60_000, {
      action: 'deleted',
      deliveryId: 'gone',
      change: { field: 'deletion', reason: 'github-deleted' },
    });
    const result = takeIn([[opened(noon)], [opened(noon + 1000), deletion]]);
    expect(result.held).toBeNull();
    expect(result.verdicts.get('gone')?.status).toBe('applied');
    expect(result.verdicts.get(`at-${noon + 1000}`)?.status).toBe('stale');
  });

  it('takes GitHub’s deletion once, and again where the first was lifted', () => {
    const deletion = opened(noon, {
      action: 'deleted',
      change: { field: 'deletion', reason: 'github-deleted' },
    });
    const ledger: LedgerEntry = { ...personal, reason: 'github-transferred' };
    const known = { held: null, stored: [] };
    expect(foldEvents({ ...known, ledger }, [deletion]).outcome).toBe('unchanged');
    expect(foldEvents({ ...known, ledger: { ...ledger, lifted: true } }, [deletion]).outcome).toBe('deleted');
    expect(foldEvents({ ...known, ledger: personal }, [deletion]).outcome).toBe('deleted');
  });

  it('refuses everything of an erased issue, however new and whoever deletes it, and keeps nothing of it', () => {
    const ledger: LedgerEntry = { ...personal, permanent: true };
    const newer = opened(noon + 86_400_000);
    const deletion = opened(noon + 1000, {
      deliveryId: 'deletion',
      change: { field: 'deletion', reason: 'github-deleted' },
    });
    const folded = foldEvents({ held: null, ledger, stored: [] }, [newer, deletion]);
    expect(folded.outcome).toBe('unchanged');
    for (const { deliveryId } of [newer, deletion]) {
      expect(folded.verdicts.get(deliveryId)).toMatchObject({ status: 'refused', isForgotten: true });
    }
    expect(foldEvents({ held: null, ledger: personal, stored: [] }, [newer]).outcome).toBe('changed');
  });

  it('does not bring a lost row back by an event that is older than what was stored', () => {
    const older = opened(noon, { deliveryId: 'older' });
    const folded = foldEvents({ held: null, ledger: null, stored: [opened(noon + 1000)] }, [older]);
    expect(folded.outcome).toBe('unchanged');
    expect(folded.verdicts.get('older')?.status).toBe('stale');
  });

  it('lets a payload without a whole state set the pin and nothing else', () => {
    const whole = opened(noon);
    const pin = opened(noon - 5000, {
      deliveryId: 'pin',
      complete: false,
      receivedAt: noon + 9000,
      change: { field: 'pin', pinned: true },
      state: { ...whole.state, title: 'another', labels: [] },
    });
    expect(takeIn([[whole], [pin]]).held?.state).toEqual({ ...whole.state, pinned: true });
    expect(takeIn([[pin], [whole]]).held?.state).toEqual({ ...whole.state, pinned: true });
  });
});
