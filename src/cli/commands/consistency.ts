import { Command } from 'commander';
import type { Consistency } from '../../contracts/health.ts';
import { withInstallation } from '../with-installation.ts';

/** `dispatchai consistency`: how the three stores stand to each other. Exit code 0 only when healthy. */
export function consistencyCommand(): Command {
  return new Command('consistency')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const report = await withInstallation([], (installation) => installation.consistency());
      console.log(json ? JSON.stringify(report, null, 2) : format(report));
      process.exitCode = report.status === 'healthy' ? 0 : 1;
    });
}

function format(report: Consistency): string {
  const columns = ['partition', 'start', 'end', 'position', 'committed', 'lag'];
  const rows = report.partitions.map((each) => [
    `${each.topic}/${each.partition}`,
    each.start,
    each.end,
    each.position ?? '-',
    each.committed ?? '-',
    each.lag,
  ]);
  const line = ([first, ...rest]: readonly (string | number)[]) =>
    `${String(first).padEnd(16)}${rest.map((cell) => String(cell).padStart(11)).join('')}`;
  return [
    `${report.status}: ${report.database_records} issues, lag ${report.kafka_consumer_lag}, pairing ${report.pairing.status}`,
    ...report.reasons.map((reason) => `- ${reason}`),
    ...(report.notes ?? []).map((note) => `  ${note}`),
    ...(report.missing.repair ? [`  ${report.missing.repair}`] : []),
    '',
    line(columns),
    ...rows.map(line),
    '',
    `failed events ${report.failed}, dead events ${report.dead}, missing issues ${report.missing.count}, waiting to be published ${report.outbox}`,
  ].join('\n');
}
