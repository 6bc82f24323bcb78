import { expect, test } from 'vitest';
import type { Category } from '../../../contracts/classification.ts';
import { effort } from './effort.ts';
import { priority } from './priority.ts';
import { readIssue } from './read-issue.fixture.ts';
import { sentiment } from './sentiment.ts';
import { severity } from './severity.ts';
import { tags } from './tags.ts';

test.each<[Category, string, string, string]>([
  ['bug', 'Data loss when saving twice', '', 'critical'],
  ['bug', 'Token leak in debug logs', '', 'critical'],
  ['bug', 'App crashes on start', '', 'high'],
  ['bug', 'Not urgent, but the toolbar is odd', '', 'low'],
  ['bug', 'Typo in the settings dialog', '', 'low'],
  ['bug', 'Scrolling is odd', 'It jumps.', 'medium'],
  ['feature', 'Add a dark theme', 'It would be nice.', 'low'],
  ['feature', 'Support for tabs', '', 'medium'],
  ['question', 'How do I use crash reports?', '', 'low'],
])('priority of a %s, %j: %s', (category, title, body, expected) => {
  expect(priority(readIssue(title, body, category)).value).toBe(expected);
});

test('a priority says which words it stands on, and believes the body less', () => {
  const inTitle = priority(readIssue('App crashes on start'));
  expect(inTitle.reason).toBe('"crashes" in the title: the program stops.');
  expect(inTitle.evidence).toEqual([{ text: 'crashes', weight: 1 }]);
  const inBody = priority(readIssue('Trouble', 'The app crashes.'));
  expect(inBody.confidence).toBeLessThan(inTitle.confidence);
});

test('negated words, code and quotes are no cues', () => {
  expect(priority(readIssue('Odd', 'There is no data loss.')).value).toBe('medium');
  expect(priority(readIssue('Odd', '```\nsecurity crash\n```\n> crash, they said')).value).toBe('medium');
});

test.each<[Category, string, string, string]>([
  ['bug', 'Cannot start the server', '', 'blocker'],
  ['bug', 'Crash when resizing', '', 'major'],
  ['bug', 'Crash when resizing', 'A workaround is to restart.', 'minor'],
  ['bug', 'Wording of the error', '', 'trivial'],
  ['bug', 'Strange', '    at f (a.js:1:2)\n', 'major'],
  ['bug', 'Strange', '', 'minor'],
  ['feature', 'Crash reports in the UI', '', 'minor'],
  ['documentation', 'README is out of date', '', 'trivial'],
])('severity of a %s, %j: %s', (category, title, body, expected) => {
  expect(severity(readIssue(title, body, category)).value).toBe(expected);
});

test.each<[Category, string, string, string]>([
  ['documentation', 'Typo in README', '', 'small'],
  ['feature', 'Rewrite the parser', '', 'large'],
  ['feature', 'Plan', '- [ ] a\n'.repeat(8), 'large'],
  ['question', 'Where is the log?', '', 'small'],
  ['bug', 'Strange', '', 'medium'],
])('effort of a %s, %j: %s', (category, title, body, expected) => {
  expect(effort(readIssue(title, body, category)).value).toBe(expected);
});

test.each([
  ['This is so frustrating', '', 'frustrated'],
  ['Question', 'Great work, I love this tool. One wish.', 'positive'],
  ['Question', 'Thanks in advance!', 'neutral'],
  ['IT DOES NOTHING AT ALL!!!', 'WHEN WILL THIS WORK!!!', 'frustrated'],
  ['Menu is wrong', '', 'neutral'],
])('sentiment of %j: %s', (title, body, expected) => {
  expect(sentiment(readIssue(title, body)).value).toBe(expected);
});

test('tags are of the list, named in the title or more than once', () => {
  expect(tags(readIssue('Memory leak on Windows', 'docker is mentioned once')).value).toEqual([
    'memory',
    'windows',
  ]);
  expect(tags(readIssue('x', 'docker here, docker there')).value).toEqual(['docker']);
  const many = tags(
    readIssue('security crash regression slow oom aria typo login proxy sql install build ci', ''),
  );
  expect(many.value.length).toBeLessThanOrEqual(8);
});
