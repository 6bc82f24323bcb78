import { describe, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { assign } from './assignment.ts';

const subscriber = (member: string) => ({ member, topics: [topics.raw] });
const spread = (members: readonly string[], partitions: number) =>
  [...assign(members.map(subscriber), () => partitions).values()].map((held) =>
    held.map(({ partition }) => partition),
  );

describe('assign', () => {
  it('gives neighbours, sizes at most one apart', () => {
    expect(spread(['a'], 3)).toEqual([[0, 1, 2]]);
    expect(spread(['a', 'b'], 3)).toEqual([[0, 1], [2]]);
    expect(spread(['a', 'b'], 6)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(spread(['a', 'b', 'c', 'd'], 3).filter((held) => held.length === 1)).toHaveLength(3);
  });

  it('asks each topic only of those who want it', () => {
    const assigned = assign([subscriber('a'), { member: 'b', topics: [topics.enriched] }], () => 2);
    expect(assigned.get('a')?.map(({ topic }) => topic)).toEqual([topics.raw, topics.raw]);
    expect(assigned.get('b')?.map(({ topic }) => topic)).toEqual([topics.enriched, topics.enriched]);
  });
});
