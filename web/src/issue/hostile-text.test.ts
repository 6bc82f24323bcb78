import { expect, it } from 'vitest';
import { htmlAsText, withoutTags } from './html-as-text.ts';
import { oneLine } from './one-line.ts';
import { linkAddress, webAddress } from './safe-address.ts';

it.each([
  ['https://example.com/a', 'https://example.com/a'],
  ['mailto:a@example.com', 'mailto:a@example.com'],
  ['javascript:alert(1)', null],
  [' JaVaScRiPt:alert(1)', null],
  ['java\tscript:alert(1)', null],
  ['data:text/html,x', null],
  ['vbscript:x', null],
  ['//example.com', null],
  ['/api/issues', null],
  ['#top', null],
  ['', null],
])('links to %s as %s', (address, expected) => {
  expect(linkAddress(address)).toBe(expected);
});

it('opens an issue on the web only', () => {
  expect(webAddress('mailto:a@example.com')).toBeNull();
  expect(webAddress('https://github.com/a/b/issues/1')).toBe('https://github.com/a/b/issues/1');
});

it('keeps the words of HTML and loses its tags', () => {
  expect(withoutTags('<b onclick="x()">bold</b><br>next<!-- hidden -->')).toBe('bold\nnext');
  expect(withoutTags('<!-- never closed')).toBe('');
  expect(withoutTags('1 < 2 > 1')).toBe('1 < 2 > 1');
});

it('turns HTML nodes into text', () => {
  const tree = {
    type: 'root',
    children: [
      { type: 'html', value: '<!-- template -->' },
      { type: 'html', value: '<details><summary>Logs</summary>' },
      {
        type: 'paragraph',
        children: [
          { type: 'html', value: '<img src=x onerror=y>' },
          { type: 'text', value: 'a' },
        ],
      },
    ],
  };
  htmlAsText()(tree);
  expect(tree.children).toEqual([
    { type: 'paragraph', children: [{ type: 'text', value: 'Logs' }] },
    { type: 'paragraph', children: [{ type: 'text', value: 'a' }] },
  ]);
});

it('writes a title as one line that nothing reorders', () => {
  expect(oneLine('a\u202Eb\u2066\n\n c ')).toBe('ab c');
  expect(oneLine(' \u200F ')).toBe('Untitled');
});
