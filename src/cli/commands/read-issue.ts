import { InvalidArgumentError } from 'commander';
import { type IssueKey, parseKey } from '../../contracts/issue.ts';
import { RepositoryName } from '../../contracts/rest.ts';
import type { IssueName } from '../../database/issue-reads.ts';

/** @throws InvalidArgumentError */
export function readIssue(text: string): IssueName | IssueKey {
  const key = parseKey(text);
  if (key !== null && Number.isSafeInteger(key.repositoryId) && isNumber(key.number)) return key;
  const [, repository = '', number = ''] = /^([^#]+)#(\d{1,10})$/.exec(text) ?? [];
  if (RepositoryName.safeParse(repository).success && isNumber(Number(number))) {
    return { repository, number: Number(number) };
  }
  throw new InvalidArgumentError('It is written as owner/repo#number.');
}

/** PostgreSQL's integer, which GitHub's numbers are far below. */
const isNumber = (number: number): boolean => number >= 1 && number <= 2_147_483_647;
