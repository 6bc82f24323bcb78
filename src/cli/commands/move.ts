import { userInfo } from 'node:os';
import { Command } from 'commander';
import { systemClock } from '../../effects/clock.ts';
import {
  type MoveOutcome,
  moveInstallation,
  planMove,
} from '../../operations/move-installation/move-installation.ts';
import type { MovePlan } from '../../operations/move-installation/move-plan.ts';
import type { MoveProgress } from '../../operations/move-installation/move-progress.ts';
import { createEffects } from '../../runtime/effects.ts';
import { type OpenedMove, openMove, readTarget } from '../../runtime/open-move.ts';
import { configured } from '../configured.ts';
import { readingFile } from '../reading-file.ts';

const note = `
The file holds variables as a .env does (KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL, …_FILE for secrets). The target's
topics have to be there (\`dispatchai topics apply --execute\`) and empty. The installation here is only read, and
nothing may run on either side meanwhile.`;

interface Options {
  readonly to: string;
  readonly execute?: boolean;
  readonly json?: boolean;
}

/** `dispatchai move --to FILE`: an embedded installation to Kafka and PostgreSQL. A dry run unless `--execute`. */
export function moveCommand(): Command {
  return new Command('move')
    .requiredOption('--to <file>', 'environment variables of the target')
    .option('--execute', 'copy everything; without it only what would be copied is shown')
    .option('--json', 'print JSON')
    .addHelpText('after', note)
    .action(async (options: Options) => {
      const { config } = configured();
      const target = await readingFile(options.to, async () => readTarget(options.to));
      const move = await openMove(config, target, createEffects('warn', process.stderr));
      try {
        process.exitCode = await run(move, options);
      } finally {
        await move.close();
      }
    });
}

async function run(move: OpenedMove, { execute = false, json = false }: Options): Promise<number> {
  const stores = { from: move.from, to: move.to, clock: systemClock };
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const outcome = execute
      ? await moveInstallation(stores, {
          actor: userInfo().username,
          onProgress: progressOf(process.stderr),
          signal: stop.signal,
        })
      : plannedOutcome(await planMove(stores));
    if (execute && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    const { warnings } = move;
    console.log(json ? JSON.stringify({ ...outcome, warnings }, null, 2) : format(outcome, warnings));
    return { planned: 0, moved: 0, refused: 1, interrupted: 130 }[outcome.kind];
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

type Shown = MoveOutcome | { readonly kind: 'planned'; readonly plan: MovePlan };

const plannedOutcome = (plan: MovePlan): Shown => ({
  kind: plan.obstacles.length > 0 ? 'refused' : 'planned',
  plan,
});

/** One line that updates on a terminal; elsewhere a line when a topic or table is done. */
function progressOf(stream: typeof process.stderr): (progress: MoveProgress) => void {
  return ({ of, kind, done, total }) => {
    const line = `${of}: ${done} of ${total} ${kind}`;
    if (stream.isTTY) stream.write(`\r\u001b[K${line}`);
    else if (done >= total) stream.write(`${line}\n`);
  };
}

const last: Readonly<Record<Shown['kind'], string>> = {
  planned: 'Nothing was copied. --execute does it.',
  moved:
    'Moved. The installation here is as it was: keep it until the new one has proved itself, and do not start it.',
  refused: 'Nothing was copied.',
  interrupted:
    'Interrupted: the topics of the target hold a part, its database nothing. Delete the topics, create them anew, and begin again.',
};

function format(outcome: Shown, warnings: readonly string[]): string {
  const plan = outcome.kind === 'interrupted' ? [] : describe(outcome.plan);
  return [...plan, ...warnings.map((line) => `warning: ${line}`), last[outcome.kind]].join('\n');
}

function describe({ partitions, tables, obstacles }: MovePlan): readonly string[] {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((topic) => {
    const own = partitions.filter((each) => each.topic === topic);
    const sum = (of: 'records' | 'bytes' | 'expired' | 'waiting') =>
      own.reduce((total, each) => total + each[of], 0);
    const notes = [
      ...(sum('waiting') > 0 ? [`${sum('waiting')} wait to be processed there`] : []),
      ...(sum('expired') > 0
        ? [`${sum('expired')} older ones are left, since the target would not keep them`]
        : []),
    ];
    return row(topic, `${sum('records')} records`, sum('bytes'), notes);
  });
  return [
    ...topics,
    ...tables.map(({ table, rows, bytes }) => row(table, `${rows} rows`, bytes, [])),
    '',
    ...obstacles.map((line) => `problem: ${line}`),
  ];
}

function row(name: string, count: string, bytes: number, notes: readonly string[]): string {
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${name.padEnd(20)}${count.padStart(18)}${size.padStart(12)}${notes.length > 0 ? `   ${notes.join('; ')}` : ''}`;
}
