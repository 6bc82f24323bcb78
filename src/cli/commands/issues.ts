import { Command } from 'commander';
import type { IssueKey } from '../../contracts/issue.ts';
import type { IssueName } from '../../database/issue-reads.ts';
import type { DeleteResult } from '../../runtime/installation.ts';
import { Refusal } from '../../runtime/refusal.ts';
import { withInstallation } from '../with-installation.ts';
import { eraseCommand } from './erase-issue.ts';
import { readIssue } from './read-issue.ts';

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
  return new Command('issues').addCommand(remove).addCommand(eraseCommand());
}

function sentence(
  name: string,
  { outcome, published }: Exclude<DeleteResult, { outcome: 'unknown' }>,
): string {
  const done = outcome === 'deleted' ? `deleted ${name}` : `${name} was not here, and is kept away`;
  return published ? done : `${done}; the log does not have it yet, and gets it as soon as the relay can`;
}
