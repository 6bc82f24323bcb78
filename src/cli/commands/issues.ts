import { Command, InvalidArgumentError } from 'commander';
import { Refusal } from '../../runtime/refusal.ts';
import { withInstallation } from '../with-installation.ts';

interface IssueName {
  readonly repository: string;
  readonly number: number;
}

/** `dispatchai issues delete owner/repo#n`: through the ledger, so that it does not come back. */
export function issuesCommand(): Command {
  const remove = new Command('delete')
    .description('delete an issue for good; only a genuinely newer event of GitHub brings it back')
    .argument('<issue>', 'owner/repo#number', issueName)
    .option('--json', 'print JSON')
    .action(async (name: IssueName, { json }: { readonly json?: boolean }) => {
      const result = await withInstallation(['relay'], (installation) =>
        installation.deleteIssue(name.repository, name.number),
      );
      const issue = `${name.repository}#${name.number}`;
      if (result.outcome === 'unknown') throw new Refusal(`there is no issue ${issue}`);
      if (json) console.log(JSON.stringify(result));
      else if (result.published) console.log(`deleted ${issue}`);
      else
        console.log(`deleted ${issue}; the log does not have it yet, and gets it as soon as the relay can`);
    });
  return new Command('issues').addCommand(remove);
}

function issueName(text: string): IssueName {
  const match = /^([A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100})#([1-9]\d{0,9})$/.exec(text);
  if (!match) throw new InvalidArgumentError('It is written as owner/repo#number.');
  return { repository: match[1]!, number: Number(match[2]) };
}
