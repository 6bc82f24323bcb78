import { Command, InvalidArgumentError } from 'commander';
import { type IssueKey, parseKey } from '../../contracts/issue.ts';
import { RepositoryName } from '../../contracts/rest.ts';
import type { IssueName } from '../../database/issue-reads.ts';
import type { DeleteResult } from '../../runtime/installation.ts';
import { Refusal } from '../../runtime/refusal.ts';
import { withInstallation } from '../with-installation.ts';

/** `dispatchai issues delete owner/repo#n`: through the ledger, so that it does not come back. */
export function issuesCommand(): Command {
  const remove = new Command('delete')
    .description('delete an issue for good; only a genuinely newer event of GitHub brings it back')
    .argument('<issue>', 'owner/repo#number, or repository id#number for one that is not here', readIssue)
    .option('--json', 'print JSON')
    .action(async (issue: IssueName | IssueKey, { json }: { readonly json?: boolean }) => {
      const result = await withInstallation(['relay'], (installation) => installation.deleteIssue(issue));
      const name = `${'repository' in issue ? issue.repository : issue.repositoryId}#${issue.number}`;
      if (result.outcome === 'unknown') throw new Refusal(`there is no issue ${name}`);
      console.log(json ? JSON.stringify(result) : sentence(name, result));
    });
  return new Command('issues').addCommand(remove);
}

function sentence(
  name: string,
  { outcome, published }: Exclude<DeleteResult, { outcome: 'unknown' }>,
): string {
  const done = outcome === 'deleted' ? `deleted ${name}` : `${name} was not here, and is kept away`;
  return published ? done : `${done}; the log does not have it yet, and gets it as soon as the relay can`;
}

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
