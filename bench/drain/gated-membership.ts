import type { EventLog, Membership } from '../../src/log/event-log.ts';

/**
 * Makes a log's members hold back their partitions until the gate opens: they are in the group and have claimed
 * nothing. A generation that is lost meanwhile is never seen.
 * @param gate of the membership that is joined next
 */
export function gateMemberships(log: EventLog, gate: () => Promise<void>): void {
  const join = log.join.bind(log);
  log.join = async (group, topics) => gated(await join(group, topics), gate());
}

function gated(membership: Membership, opened: Promise<void>): Membership {
  return {
    leave: () => membership.leave(),
    async *[Symbol.asyncIterator]() {
      for await (const generation of membership) {
        const { lost } = generation;
        const over = new Promise<void>((resolve) => {
          lost.addEventListener('abort', () => resolve(), { once: true });
        });
        if (!lost.aborted) await Promise.race([opened, over]);
        if (!lost.aborted) yield generation;
      }
    },
  };
}
