import { expect, it } from 'vitest';
import { commandOf, type Press } from './keys.ts';

const press = (key: string, part: Partial<Press> = {}): Press => ({
  key,
  meta: false,
  alt: false,
  typing: false,
  onControl: false,
  ...part,
});

it('reads plain keys', () => {
  expect(['j', 'k', '/', 'c', 'p', 'u', '?', 'Enter', 'x'].map((key) => commandOf(press(key)))).toEqual([
    'next',
    'previous',
    'search',
    'category',
    'priority',
    'undo',
    'keys',
    'open',
    null,
  ]);
});

it('leaves letters to a text field, but for Escape and the palette', () => {
  expect(commandOf(press('j', { typing: true }))).toBeNull();
  expect(commandOf(press('Escape', { typing: true }))).toBe('close');
  expect(commandOf(press('k', { typing: true, meta: true }))).toBe('palette');
});

it('leaves Enter and arrows to a control that has the focus', () => {
  expect(commandOf(press('Enter', { onControl: true }))).toBeNull();
  expect(commandOf(press('ArrowDown', { onControl: true }))).toBeNull();
  expect(commandOf(press('j', { onControl: true }))).toBe('next');
});

it('leaves other shortcuts to the browser', () => {
  expect(commandOf(press('c', { meta: true }))).toBeNull();
  expect(commandOf(press('c', { alt: true }))).toBeNull();
});
