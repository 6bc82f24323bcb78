import { describe, expect, it } from 'vitest';
import { takeSend } from './take-send.ts';

const sizes = (taken: readonly { readonly bytes: number }[]) => taken.map(({ bytes }) => bytes);
const due = (...bytes: number[]) => bytes.map((each) => ({ bytes: each }));

describe('takeSend', () => {
  it('takes what has room and leaves the rest', () => {
    const waiting = due(40, 40, 20, 1);
    expect(sizes(takeSend(waiting, 100))).toEqual([40, 40, 20]);
    expect(sizes(waiting)).toEqual([1]);
  });

  it('gives a record larger than the room a send of its own', () => {
    const waiting = due(10, 500, 10);
    expect(sizes(takeSend(waiting, 100))).toEqual([10]);
    expect(sizes(takeSend(waiting, 100))).toEqual([500]);
    expect(sizes(takeSend(waiting, 100))).toEqual([10]);
    expect(takeSend(waiting, 100)).toEqual([]);
  });
});
