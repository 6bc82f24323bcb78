import { Argument, Command } from 'commander';
import { type ServiceName, serviceNames } from '../../runtime/service-names.ts';
import { fromOption, serveCommand } from '../serve-command.ts';

const note = `
Any number of ingress, classifier and gateway run side by side on one KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL; of
relay and scheduler one works at a time, and the next one takes over. Each answers /health, /health/live,
/health/ready and /metrics on its port (INGRESS_PORT 8000, CLASSIFIER_PORT 8001, GATEWAY_PORT 8002, RELAY_PORT 8003,
SCHEDULER_PORT 8004).

An embedded log or database belongs to one process: with it only one service can run at a time, and \`up\` is what
you want.`;

/** `dispatchai start <service>`: one service in a process of its own. */
export function startCommand(): Command {
  return new Command('start')
    .addArgument(new Argument('<service>', 'which one').choices(serviceNames))
    .option(...fromOption)
    .addHelpText('after', note)
    .action(async (service: ServiceName, { from }: { readonly from?: string }) => {
      await serveCommand({ as: 'start', services: () => [service], from, open: false });
    });
}
