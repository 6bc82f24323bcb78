import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAccept } from './measures/accept.ts';
import { measureAnswer } from './measures/answer.ts';
import { measureDrain } from './measures/drain.ts';
import { measureFeed } from './measures/feed.ts';
import { measureMemory } from './measures/memory.ts';

/**
 * `npm run bench [-- accept answer drain feed memory] [--quick]`: every figure beside its limit, measured in the
 * same run on the same machine. Prints a table and writes `bench/results/latest.json`.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const { quick } = values;

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
  readonly ratio: string;
  readonly target: string;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const ms = (value: number) => `${value.toFixed(1)} ms`;
const percent = (value: number) => `${Math.round(value * 100)} %`;

const measures: Record<string, () => Promise<{ figures: unknown; rows: Row[] }>> = {
  accept: async () => {
    const figures = [];
    for (const connections of [1, 16, 64])
      figures.push(await measureAccept(connections, quick ? 2 : 5, quick ? 1 : 3));
    const rows = figures.map((each) => ({
      what: `webhooks/s accepted, ${each.connections} connections`,
      figure: `${whole(each.ingress)} (p99 ${ms(each.p99)})`,
      limit: `${whole(each.floor)} bare node:http + HMAC + append`,
      ratio: percent(each.ratio),
      target: each.connections === 64 ? '≥ 70 %' : '',
    }));
    return { figures, rows };
  },
  answer: async () => {
    const figures = await measureAnswer(200, quick ? 5 : 20);
    const figure = `p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}`;
    return {
      figures,
      rows: [{ what: 'answer to GitHub, all services, 200/s', figure, limit: '', ratio: '', target: '' }],
    };
  },
  drain: async () => {
    const figures = await measureDrain(quick ? 5000 : 20_000);
    const { parse, model, insert } = figures.stages;
    const row = {
      what: 'issues/s drained from the log',
      figure: whole(figures.issuesPerSecond),
      limit: `parse ${whole(parse)}, model ${whole(model)}, insert ${whole(insert)}`,
      ratio: percent(figures.ratio),
      target: '≥ 70 % and ≥ 1,000',
    };
    return { figures, rows: [row] };
  },
  feed: async () => {
    const figures = await measureFeed(50, quick ? 5 : 30);
    const figure = `p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}`;
    const target = 'p50 ≤ 10 ms, p99 ≤ 50 ms';
    return { figures, rows: [{ what: 'webhook to WebSocket, 50/s', figure, limit: '', ratio: '', target }] };
  },
  memory: async () => {
    const figures = await measureMemory(quick ? 10_000 : 100_000, 800);
    const row = {
      what: `resident memory 30 s after ${whole(figures.issues)} issues`,
      figure: `${whole(figures.afterwards)} MB (idle ${whole(figures.idle)}, peak ${whole(figures.peak)})`,
      limit: '',
      ratio: '',
      target: '≤ 450 MB',
    };
    return { figures, rows: [row] };
  },
};

const chosen = positionals.length > 0 ? positionals : Object.keys(measures);
const unknown = chosen.filter((name) => !(name in measures));
if (unknown.length > 0) {
  console.error(`no such measure: ${unknown.join(', ')} (there are ${Object.keys(measures).join(', ')})`);
  process.exit(2);
}
const results: Record<string, unknown> = {};
const table: Row[] = [];
for (const name of chosen) {
  console.error(`measuring ${name} …`);
  const { figures, rows } = await (measures[name] as (typeof measures)[string])();
  results[name] = figures;
  table.push(...rows);
}
console.table(Object.fromEntries(table.map(({ what, ...rest }) => [what, rest])));
const directory = new URL('./results/', import.meta.url);
await mkdir(directory, { recursive: true });
const machine = { cores: availableParallelism(), node: process.version, at: new Date().toISOString() };
await writeFile(new URL('latest.json', directory), `${JSON.stringify({ machine, results }, null, 2)}\n`);
