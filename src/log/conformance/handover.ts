import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventLog, Generation } from '../event-log.ts';
import type { Create } from './event-log-conformance.ts';
import { all, fired, first, fromZero, Participant, placesOf, record } from './harness.ts';

const raw = ['issues.raw'] as const;
const everywhere = ['issues.raw/0', 'issues.raw/1', 'issues.raw/2'];
const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
const groupName = () => `group-${randomUUID()}`;

/** Waits until the two members share the three partitions, whichever way; the one with two comes first. */
async function shared(one: Participant, other: Participant): Promise<readonly [Generation, Generation]> {
  return await Promise.race([
    Promise.all([one.holding(2), other.holding(1)]),
    Promise.all([other.holding(2), one.holding(1)]),
  ]);
}

const committedOf = async (log: EventLog, group: string) =>
  (await log.groups()).find((found) => found.group === group)?.committed ?? [];

export function describeHandover(create: Create): void {
  describe('two members of one group', () => {
    it('share the partitions, each in one hand', async () => {
      const { log } = await create();
      const group = groupName();
      const [one, other] = [await Participant.join(log, group, raw), await Participant.join(log, group, raw)];
      const [larger, smaller] = await shared(one, other);
      expect(placesOf([...larger.partitions, ...smaller.partitions])).toEqual(everywhere);
      expect(larger.member).not.toBe(smaller.member);
      await log.append(keys.map((key) => record(key, '')));
      const ranges = await log.ranges('issues.raw');
      const read = async (generation: Generation) => {
        const held = generation.partitions.map(({ partition }) => partition);
        const count = ranges
          .filter(({ partition }) => held.includes(partition))
          .reduce((sum, { end }) => sum + end, 0);
        const found = await first(count, generation.open(fromZero(generation.partitions)));
        expect(new Set(found.map(({ partition }) => partition))).toEqual(new Set(held));
        return found.map(({ key }) => key);
      };
      expect([...(await read(larger)), ...(await read(smaller))].sort()).toEqual([...keys].sort());
      await Promise.all([one.leave(), other.leave()]);
    });

    it('read and mirror only what they hold', async () => {
      const { log } = await create();
      const group = groupName();
      const [one, other] = [await Participant.join(log, group, raw), await Participant.join(log, group, raw)];
      const [larger, smaller] = await shared(one, other);
      expect(() => larger.open(fromZero(smaller.partitions))).toThrow(/does not hold/);
      await expect(larger.mirror(fromZero(smaller.partitions))).rejects.toThrow(/does not hold/);
      await Promise.all([one.leave(), other.leave()]);
    });

    it('lose a partition in mid-batch, and the other claims it', async () => {
      const { log } = await create();
      const group = groupName();
      await log.append(keys.map((key) => record(key, '')));
      const one = await Participant.join(log, group, raw);
      const before = await one.holding(3);
      const batches = before.open(fromZero(before.partitions), { records: 5 })[Symbol.asyncIterator]();
      const held = await batches.next();
      expect(held.done).toBe(false);

      const other = await Participant.join(log, group, raw);
      await fired(before.lost);
      const generations = await shared(one, other);
      const late = before.partitions.map((place) => ({ ...place, offset: 5 }));
      expect(await before.mirror(late)).toBe('lost');
      expect(await before.confirm()).toBe('lost');
      expect(await committedOf(log, group)).toEqual([]);
      // The batch was not committed, so its records come again to whoever holds the partitions now.
      const again = await Promise.all(
        generations.map(async (generation) => {
          const positions = fromZero(generation.partitions);
          const ranges = await log.ranges('issues.raw');
          const count = positions.reduce((sum, { partition }) => sum + (ranges[partition]?.end ?? 0), 0);
          return await first(count, generation.open(positions));
        }),
      );
      expect(new Set(again.flat().map(({ key }) => key))).toEqual(new Set(keys));
      const [generation] = generations;
      const claimed = generation.partitions.map((place) => ({ ...place, offset: 1 }));
      expect(await generation.mirror(claimed)).toBe('mirrored');
      expect(await before.mirror(late)).toBe('lost');
      expect(await committedOf(log, group)).toEqual(claimed);
      await Promise.all([one.leave(), other.leave()]);
    });

    it('end what a lost generation has open', async () => {
      const { log } = await create();
      const group = groupName();
      const one = await Participant.join(log, group, raw);
      const before = await one.holding(3);
      const waiting = all(before.open(fromZero(before.partitions)));
      const other = await Participant.join(log, group, raw);
      expect(await waiting).toEqual([]);
      expect(before.lost.aborted).toBe(true);
      expect(await all(before.open(fromZero(before.partitions)))).toEqual([]);
      await Promise.all([one.leave(), other.leave()]);
    });

    it('hand over when one leaves', async () => {
      const { log } = await create();
      const group = groupName();
      const [one, other] = [await Participant.join(log, group, raw), await Participant.join(log, group, raw)];
      const [larger, smaller] = await shared(one, other);
      const [leaving, staying] = one.current === larger ? [one, other] : [other, one];
      await leaving.leave();
      await leaving.ended;
      await Promise.all([fired(larger.lost), fired(smaller.lost)]);
      expect(await larger.mirror(fromZero(larger.partitions))).toBe('lost');
      const after = await staying.holding(3);
      expect(placesOf(after.partitions)).toEqual(everywhere);
      expect(after.member).toBe(smaller.member);
      await staying.leave();
    });

    it('of different groups each hold everything', async () => {
      const { log } = await create();
      const one = await Participant.join(log, groupName(), raw);
      const other = await Participant.join(log, groupName(), raw);
      const [first, second] = [await one.holding(3), await other.holding(3)];
      expect(placesOf(first.partitions)).toEqual(placesOf(second.partitions));
      await Promise.all([one.leave(), other.leave()]);
    });

    it('may be more than there are partitions', async () => {
      const { log } = await create();
      const group = groupName();
      const members = [];
      for (let count = 0; count < 4; count++) members.push(await Participant.join(log, group, raw));
      const idle = await Promise.race(members.map((member) => member.holding(0)));
      expect(await idle.confirm()).toBe('held');
      await Promise.all(members.map((member) => member.leave()));
    });
  });

  describe('closing the log', () => {
    it('ends its members, their generations and its followers', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), raw);
      const generation = await member.holding(3);
      const open = all(generation.open(fromZero(generation.partitions)));
      const followed = all(log.follow('issues.raw', fromZero(generation.partitions)));
      await log.close();
      await member.ended;
      expect(generation.lost.aborted).toBe(true);
      expect(await open).toEqual([]);
      expect(await followed).toEqual([]);
      expect(await generation.mirror(fromZero(generation.partitions))).toBe('lost');
      expect(await all(generation.open(fromZero(generation.partitions)))).toEqual([]);
      await expect(log.append([record('k', 'late')])).rejects.toMatchObject({ name: 'LogUnavailableError' });
    });
  });
}
