import { expect, test } from 'vitest';
import { readIssue } from './read-issue.fixture.ts';
import { summary } from './summary.ts';

const of = (title: string, body: string) => summary(readIssue(title, body)).value;

test("the first informative sentence, without a template's headings and empty answers", () => {
  const body = [
    '<!-- Please fill in everything. -->',
    '### Describe the bug',
    '',
    '_No response_',
    '',
    '### Version',
    '',
    '18.2.0 of the package that I use here',
    '',
    '### What happened',
    '',
    'Hi team, the **editor** loses its [selection](https://example.org) when I switch tabs. It worked in 1.80.',
  ].join('\n');
  expect(of('Selection lost', body)).toBe(
    'the editor loses its selection when I switch tabs. It worked in 1.80.',
  );
});

test('facts about the machine are no summary', () => {
  expect(
    of('Crash', 'OS: Windows 11\nVersion: 1.2.3\n\nThe window closes when a file is dropped on it.'),
  ).toBe('The window closes when a file is dropped on it.');
});

test('code, quotes, tables and pictures are passed over', () => {
  const body =
    '![shot](https://example.org/a.png)\n```\nconst a = 1 and some more words\n```\n| a | b |\n> quoted words that somebody said\n\nThe table is drawn twice on resize.';
  expect(of('Table', body)).toBe('The table is drawn twice on resize.');
});

test('the title where the body says nothing', () => {
  const answer = summary(readIssue('Scroll bar is `hidden`', ''));
  expect(answer.value).toBe('Scroll bar is hidden');
  expect(answer.confidence).toBeLessThan(0.5);
});

test('at most 280 characters, cut at a word', () => {
  const value = of('t', `${'word '.repeat(200)}end.`);
  expect(value.length).toBeLessThanOrEqual(280);
  expect(value.endsWith('word…')).toBe(true);
});

test('scripts and tags are taken out, control characters too', () => {
  const value = of(
    't',
    'Before <script>alert(1)</script> the <img src=x onerror=alert(1)> page \u0000 is \ud800 shown.',
  );
  expect(value).not.toMatch(/[<>]|alert/);
  expect(value.isWellFormed()).toBe(true);
  expect(value).not.toContain('\u0000');
});
