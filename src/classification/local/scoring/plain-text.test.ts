import { expect, test } from 'vitest';
import { cut, plainText } from './plain-text.ts';

test.each([
  ['plain words', 'plain words'],
  ['  two  blanks ', 'two blanks'],
  ['a\u0000b\tc\nd', 'a b c d'],
  ['txt\u202eexe', 'txt exe'],
  ['lone \ud800 half', 'lone \ufffd half'],
  ['ünïcode 画面 🎉', 'ünïcode 画面 🎉'],
  ['', ''],
  [' ', ''],
])('%j becomes %j', (text, expected) => {
  expect(plainText(text)).toBe(expected);
});

test('cuts at a word, and never within a surrogate pair', () => {
  expect(cut('one two three', 20)).toBe('one two three');
  expect(cut('one two three', 9)).toBe('one two…');
  expect(cut('🎉'.repeat(10), 6).isWellFormed()).toBe(true);
});
