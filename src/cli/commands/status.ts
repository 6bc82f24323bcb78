import { Command } from 'commander';
import { connectToServer } from '../../runtime/control-client.ts';
import { dataPaths } from '../../runtime/data-paths.ts';
import type { Status } from '../../runtime/installation.ts';
import { configured } from '../configured.ts';

/** `dispatchai status`: asks the running server. Exit code 0 only when it is ready. */
export function statusCommand(): Command {
  return new Command('status')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { dataDirectory } = configured().config;
      const running = await connectToServer(dataPaths(dataDirectory).socket);
      if (json) console.log(JSON.stringify(running?.status ?? { health: { status: 'stopped' } }, null, 2));
      else if (running) console.log(table(running.status));
      else console.log(`not running in ${dataDirectory}; \`dispatchai up\` starts it`);
      process.exitCode = running?.status.health.status === 'ready' ? 0 : 1;
    });
}

function table({ version, pid, startedAt, dataDirectory, pageUrl, ingressUrl, health }: Status): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ['status', health.status],
    ['version', version],
    ['process', `${pid}, since ${startedAt}`],
    ['data', dataDirectory],
    ['page', pageUrl],
    ['webhooks', ingressUrl && `${ingressUrl}/webhook/github`],
    ...Object.entries(health.services).map(
      ([name, { ready, reason }]) => [name, ready ? 'ready' : `not ready: ${reason}`] as const,
    ),
  ];
  return rows
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(12)}${value}`)
    .join('\n');
}
