import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { readIssue } from './read-issue.ts';

it('takes a name, and the key that the consistency report gives for what is missing', () => {
  expect(readIssue('octo/app.js#12')).toEqual({ repository: 'octo/app.js', number: 12 });
  expect(readIssue('77#1')).toEqual({ repositoryId: 77, number: 1 });
  expect(readIssue('-3#1')).toEqual({ repositoryId: -3, number: 1 });
});

it('takes nothing else', () => {
  for (const text of [
    'octo/app',
    'app#1',
    'o/a#0',
    '77#0',
    'o/a#2147483648',
    'o/a#1x',
    'o/a/b#1',
    '#1',
    '',
  ]) {
    expect(() => readIssue(text)).toThrow(InvalidArgumentError);
  }
});
