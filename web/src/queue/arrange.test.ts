import { describe, expect, it } from 'vitest';
import { arrange, nothingShown } from './arrange.ts';

const shown = (...keys: string[]) => ({ ...nothingShown, shown: keys });

describe('a list that may move', () => {
  it('takes the new order and names what came', () => {
    expect(arrange(shown('a', 'b'), ['c', 'b', 'a'], false)).toEqual({
      shown: ['c', 'b', 'a'],
      waiting: 0,
      arrived: new Set(['c']),
    });
  });

  it('fades nothing in when it first appears, or when a page is added', () => {
    expect(arrange(nothingShown, ['a', 'b'], false).arrived).toEqual(new Set());
    expect(arrange(shown('a'), ['a', 'b'], false, ['b']).arrived).toEqual(new Set());
  });
});

describe('a list that is held', () => {
  it('moves nothing and counts what waits', () => {
    const held = arrange(shown('a', 'b'), ['d', 'c', 'b', 'a'], true);
    expect(held.shown).toEqual(['a', 'b']);
    expect(held.waiting).toBe(2);
  });

  it('keeps rows that no longer belong where they are', () => {
    expect(arrange(shown('a', 'b', 'c'), ['a', 'c'], true)).toEqual(shown('a', 'b', 'c'));
  });

  it('takes an older page at its end, without what is there or does not belong', () => {
    const held = arrange(shown('a', 'b'), ['n', 'a', 'b', 'd'], true, ['b', 'c', 'd']);
    expect(held.shown).toEqual(['a', 'b', 'd']);
    expect(held.waiting).toBe(1);
  });

  it('shows what comes when it shows nothing', () => {
    expect(arrange(nothingShown, ['a'], true).shown).toEqual(['a']);
  });
});
