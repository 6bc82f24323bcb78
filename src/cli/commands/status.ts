import { Command } from 'commander';
import { isEmbedded } from '../../runtime/config.ts';
import { connectToServer } from '../../runtime/control-client.ts';
import { dataPaths } from '../../runtime/data-paths.ts';
import { createEffects } from '../../runtime/effects.ts';
import type { Status } from '../../runtime/installation.ts';
import { type ClusterStatus, lookAround } from '../../runtime/look-around.ts';
import { configured } from '../configured.ts';

/**
 * `dispatchai status`: asks the running server; with served stores, everything that can be seen from here. Exit code 0
 * only when it is ready.
 */
export function statusCommand(): Command {
  return new Command('status')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { config } = configured();
      const running = await connectToServer(dataPaths(config).socket);
      if (running || isEmbedded(config)) {
        const status = running?.status;
        const text = status
          ? serverTable(status)
          : `not running in ${config.dataDirectory}; \`dispatchai up\` starts it`;
        console.log(json ? JSON.stringify(status ?? { health: { status: 'stopped' } }, null, 2) : text);
        process.exitCode = status?.health.status === 'ready' ? 0 : 1;
        return;
      }
      const seen = await lookAround(config, createEffects('error', process.stderr));
      console.log(json ? JSON.stringify(seen, null, 2) : clusterTable(seen));
      process.exitCode = seen.ready ? 0 : 1;
    });
}

type Row = readonly [name: string, value: string | null];

const table = (rows: readonly Row[]): string =>
  rows
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(12)}${value}`)
    .join('\n');

function serverTable({
  version,
  pid,
  startedAt,
  dataDirectory,
  pageUrl,
  ingressUrl,
  health,
}: Status): string {
  return table([
    ['status', health.status],
    ['version', version],
    ['process', `${pid}, since ${startedAt}`],
    ['data', dataDirectory],
    ['page', pageUrl],
    ['webhooks', ingressUrl && `${ingressUrl}/webhook/github`],
    ...Object.entries(health.services).map(
      ([name, { ready, reason }]): Row => [name, ready ? 'ready' : `not ready: ${reason}`],
    ),
  ]);
}

function clusterTable({ nearby, group, classifiers, leases, lag, ready }: ClusterStatus): string {
  const held = leases.map(({ name, holder }): Row => [name, holder ?? 'nobody holds the lease']);
  return table([
    ['status', ready ? 'ready' : 'not ready'],
    ['group', group],
    ['lag', `${lag} records`],
    ...(classifiers.length === 0
      ? [['classifier', 'nobody is in the group'] as const]
      : classifiers.map(
          ({ member, partitions }): Row => ['classifier', `${member}, ${partitions} partitions`],
        )),
    ...(held.length === 0 ? [['relay', 'nobody holds the lease'] as const] : held),
    ...nearby.map(
      ({ name, url, health }): Row => [
        'here',
        health === null ? `${name}: nobody on ${url}` : `${name}: ${health.status} on ${url}`,
      ],
    ),
  ]);
}
