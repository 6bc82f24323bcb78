import { Command } from 'commander';
import { serviceNames } from '../../runtime/service-names.ts';
import { fromOption, serveCommand } from '../serve-command.ts';

const note = `
A branch (KAFKA_GROUP_ID) reads the issues.raw of the installation beside it, from the log's end on, and receives no
webhooks of its own unless --with-ingress says so.`;

/** `dispatchai up`: everything in one process. */
export function upCommand(): Command {
  return new Command('up')
    .option('--no-open', 'do not open the page in a browser')
    .option(...fromOption)
    .option('--with-ingress', 'receive webhooks in a branch too')
    .addHelpText('after', note)
    .action(
      async (options: { readonly open: boolean; readonly from?: string; readonly withIngress?: true }) => {
        await serveCommand({
          as: 'up',
          services: ({ branch }) =>
            serviceNames.filter((name) => !branch || name !== 'ingress' || options.withIngress === true),
          from: options.from,
          open: options.open,
        });
      },
    );
}
