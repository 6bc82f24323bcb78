import { Command } from 'commander';
import { serviceNames } from '../../runtime/service-names.ts';
import { serveCommand } from '../serve-command.ts';

/** `dispatchai up`: everything in one process. */
export function upCommand(): Command {
  return new Command('up')
    .option('--no-open', 'do not open the page in a browser')
    .action(async (options: { readonly open: boolean }) => {
      await serveCommand(serviceNames, options.open);
    });
}
