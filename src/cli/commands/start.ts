import { Argument, Command } from 'commander';
import { type ServiceName, serviceNames } from '../../runtime/service-names.ts';
import { serveCommand } from '../serve-command.ts';

const note = `
The embedded log and database belong to one process: with them only one service can run at a time, and \`up\`
is what you want.`;

/** `dispatchai start <service>`: one service in a process of its own. */
export function startCommand(): Command {
  return new Command('start')
    .addArgument(new Argument('<service>', 'which one').choices(serviceNames))
    .addHelpText('after', note)
    .action(async (service: ServiceName) => {
      await serveCommand([service], false);
    });
}
