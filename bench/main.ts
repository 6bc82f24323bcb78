import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Measured, Row } from './measured.ts';
import { accept } from './measures/accept.ts';
import { answer } from './measures/answer.ts';
import { drain } from './measures/drain.ts';
import { feed } from './measures/feed.ts';
import { memory } from './measures/memory.ts';
import { type BenchStores, openBenchStores } from './stores/bench-stores.ts';

/**
 * `npm run bench [-- accept answer drain feed memory] [--stores embedded|served] [--quick]`: every figure beside its
 * limit, measured in the same run on the same machine. `served` is Kafka and PostgreSQL, started for the run unless
 * TEST_KAFKA and TEST_DATABASE_URL name some. Prints a table and writes it to `bench/results/`.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    stores: { type: 'string', default: 'embedded' },
  },
});

type Measure = (stores: BenchStores, quick: boolean) => Promise<Measured>;
const measures: Readonly<Record<string, Measure>> = { accept, answer, drain, feed, memory };

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

const { quick, stores: kind } = values;
const chosen = positionals.length > 0 ? positionals : Object.keys(measures);
const unknown = chosen.filter((name) => !(name in measures));
if (unknown.length > 0) {
  refuse(`no such measure: ${unknown.join(', ')} (there are ${Object.keys(measures).join(', ')})`);
}
if (kind !== 'embedded' && kind !== 'served') refuse(`no such stores: ${kind} (embedded or served)`);

const results: Record<string, unknown> = {};
const table: Row[] = [];
const { stores, close } = await openBenchStores(kind);
try {
  for (const name of chosen) {
    console.error(`measuring ${name} …`);
    const { figures, rows } = await (measures[name] as Measure)(stores, quick);
    results[name] = figures;
    table.push(...rows);
  }
} finally {
  await close();
}
console.table(Object.fromEntries(table.map(({ what, ...rest }) => [what, rest])));
const directory = new URL('./results/', import.meta.url);
await mkdir(directory, { recursive: true });
const machine = { cores: availableParallelism(), node: process.version, at: new Date().toISOString() };
const file = kind === 'embedded' ? 'latest.json' : 'latest-served.json';
await writeFile(new URL(file, directory), `${JSON.stringify({ machine, stores: kind, results }, null, 2)}\n`);
