import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { Command } from 'commander';
import { systemClock } from '../../effects/clock.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { oneLine } from '../../github/one-line.ts';
import {
  type ImportOutcome,
  type ImportProgress,
  type ImportTarget,
  importIssues,
} from '../../operations/import-issues.ts';
import { readingFile } from '../reading-file.ts';

const usage = `
Example:
  { gh api repos/O/R; gh api --paginate 'repos/O/R/issues?state=all'; } | dispatchai import -

Pull requests are skipped. Importing the same issues again changes nothing.`;

/** `dispatchai import FILE`: a repository's issues as `gh api` writes them, from a file or `-`. */
export function importCommand(connect: () => Promise<ImportTarget>): Command {
  return new Command('import')
    .description('bring in the issues that a repository already has')
    .argument('<file>', "what gh api wrote: the repository, then its issues; '-' reads standard input")
    .option('--json', 'print progress and the result as lines of JSON')
    .addHelpText('after', usage)
    .action(async (file: string, options: { readonly json?: boolean }) => {
      if (file === '-' && process.stdin.isTTY) {
        console.error(`Nothing is piped in.\n${usage}`);
        process.exitCode = 1;
        return;
      }
      process.exitCode = await run(connect, file, options.json ? jsonReport() : textReport());
    });
}

interface Report {
  progress(progress: ImportProgress): void;
  outcome(outcome: ImportOutcome): void;
}

async function run(connect: () => Promise<ImportTarget>, file: string, report: Report): Promise<number> {
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const target = await connect();
  try {
    const outcome = await readingFile(file, () =>
      importIssues({
        input: addAbortSignal(stop.signal, file === '-' ? process.stdin : createReadStream(file)),
        append: (records) => target.append(records),
        lag: () => target.lag(),
        clock: systemClock,
        randomness: systemRandomness,
        onProgress: (progress) => report.progress(progress),
        signal: stop.signal,
      }),
    );
    report.outcome(outcome);
    return { done: 0, malformed: 1, stopped: 130 }[outcome.kind];
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await target.close();
  }
}

function jsonReport(): Report {
  return {
    progress: (progress) => console.log(JSON.stringify({ kind: 'progress', progress })),
    outcome: (outcome) => console.log(JSON.stringify(outcome)),
  };
}

/** One line that updates on a terminal; elsewhere a line for every thousand issues. */
function textReport(): Report {
  const live = process.stderr.isTTY === true;
  let said = 0;
  return {
    progress: (progress) => {
      if (live) process.stderr.write(`\r\u001b[K${sentence(progress)}`);
      else if (progress.appended - said >= 1000) {
        said = progress.appended;
        console.error(sentence(progress));
      }
    },
    outcome: (outcome) => {
      if (live) process.stderr.write('\r\u001b[K');
      console.error(sentence(outcome.progress));
      if (outcome.kind === 'malformed') {
        const { line, offset } = outcome.place;
        console.error(`Stopped at line ${line} (byte ${offset}): ${outcome.detail}.`);
      }
      if (outcome.kind === 'stopped') console.error('Stopped.');
      if (outcome.kind !== 'done') console.error('What was imported stays; importing again is harmless.');
    },
  };
}

function sentence({ repository, read, appended, skipped, waiting }: ImportProgress): string {
  const counts = `${read} read, ${appended} imported, ${skipped} pull requests skipped`;
  return `${oneLine(repository ?? 'import')}: ${counts}${waiting ? ' (waiting for the classifier)' : ''}`;
}
