import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvents, type HeldIssue } from './fold-events.ts';
import type { IssueEvent } from './issue-event.ts';
import { history, historyWithoutOpposites } from './issue-history.fixture.ts';

const made = (events: readonly IssueEvent[]): HeldIssue => {
  const folded = foldEvents({ held: null, ledger: null, stored: [] }, events);
  if (folded.outcome !== 'changed') throw new Error('a history makes an issue');
  return { ...folded.issue, guards: { ...folded.issue.guards, takenOver: true } };
};

/** Works on events one by one in a database that took the state over and has no event yet; gives every state. */
function replay(state: HeldIssue, events: readonly IssueEvent[]): readonly HeldIssue[] {
  const stored: IssueEvent[] = [];
  const states = [state];
  for (const event of events) {
    const held = states.at(-1) ?? state;
    const second = Date.parse(held.state.updatedAt);
    const neighbours = stored.filter((each) => each.second === second);
    const folded = foldEvents({ held, ledger: null, stored: neighbours }, [event]);
    stored.push(event);
    states.push(folded.outcome === 'changed' ? folded.issue : held);
  }
  return states;
}

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
/** A history, and what retention and chance leave of it to come again, in any order. */
const replayed = (source: fc.Arbitrary<readonly IssueEvent[]>) =>
  source.chain((events) =>
    fc.record({ events: fc.constant(events), order: fc.subarray([...events]).chain(shuffled) }),
  );

describe('a state that was taken over from the log', () => {
  it('is not changed by any of the events that made it, whichever come again', () => {
    fc.assert(
      fc.property(replayed(historyWithoutOpposites), ({ events, order }) => {
        const state = made(events);
        for (const each of replay(state, order)) expect(each).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same again once all events have come again', () => {
    fc.assert(
      fc.property(
        history.chain((events) => fc.record({ events: fc.constant(events), order: shuffled(events) })),
        ({ events, order }) => {
          const state = made(events);
          expect(replay(state, order).at(-1)).toEqual(state);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is changed by what is new, and its own events are known as applied', () => {
    fc.assert(
      fc.property(history, ({ length, ...events }) => {
        const all = Array.from({ length }, (_, index) => events[index]).filter((each) => each !== undefined);
        const state = made(all);
        const last = all.filter((each) => each.second === Date.parse(state.state.updatedAt));
        const again = foldEvents({ held: state, ledger: null, stored: [] }, last);
        for (const { deliveryId } of last) expect(again.verdicts.get(deliveryId)?.status).toBe('applied');
      }),
    );
  });

  it('is the same again after edits there and back, in whatever batches they come', () => {
    const [opened] = fc.sample(history, { numRuns: 1, seed: 1 })[0] ?? [];
    if (!opened) throw new Error('a history has an event');
    const edited = (count: number, titleFrom: string, title: string): IssueEvent => ({
      ...opened,
      deliveryId: `edit ${count}`,
      action: 'edited',
      rank: 2,
      receivedAt: opened.receivedAt + count,
      state: { ...opened.state, title },
      change: { field: 'text', titleFrom },
    });
    const there = edited(1, 'a', 'b');
    const back = edited(2, 'b', 'a');
    for (const events of [
      [there, back],
      [there, back, edited(3, 'a', 'b')],
    ]) {
      const state = made(events);
      expect(replay(state, events).at(-1)).toEqual(state);
      const at = foldEvents({ held: state, ledger: null, stored: [] }, events);
      expect(at.outcome).toBe('unchanged');
    }
  });
});
