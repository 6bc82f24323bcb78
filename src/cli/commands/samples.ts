import { Command } from 'commander';
import { withInstallation } from '../with-installation.ts';

/** `dispatchai samples remove`: the issues of the first start, through the ledger. */
export function samplesCommand(): Command {
  const remove = new Command('remove')
    .description('remove the sample issues; they are never sent again')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const result = await withInstallation(['relay'], (installation) => installation.removeSamples());
      console.log(json ? JSON.stringify(result) : `removed ${result.removed} sample issues`);
    });
  return new Command('samples').addCommand(remove);
}
