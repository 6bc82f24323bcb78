import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import type { Kill } from './kill-in-turn.ts';

const Times = z.object({ count: z.number(), median: z.number(), longest: z.number() });

/** What one run measured. Times are in milliseconds. */
export const KillFigures = z.object({
  stores: z.string(),
  seed: z.string(),
  webhooks: z.number(),
  accepted: z.number(),
  stored: z.number(),
  records: z.number(),
  repeatedVersions: z.number(),
  pages: z.number(),
  connections: z.number(),
  messages: z.number(),
  seconds: z.number(),
  kills: z.array(
    z.object({ kind: z.string(), kills: z.number(), ready: Times, takenOver: Times.nullable() }),
  ),
});
export type KillFigures = z.infer<typeof KillFigures>;

export function summariseKills(kills: readonly Kill[]): KillFigures['kills'] {
  const kinds = [...new Set(kills.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const of = kills.filter((each) => each.kind === kind);
    const takeovers = of.flatMap(({ takeoverMs }) => (takeoverMs === null ? [] : [takeoverMs]));
    return {
      kind,
      kills: of.length,
      ready: timesOf(of.map(({ readyMs }) => readyMs)),
      takenOver: takeovers.length > 0 ? timesOf(takeovers) : null,
    };
  });
}

function timesOf(values: readonly number[]): z.infer<typeof Times> {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    median: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    longest: Math.round(sorted.at(-1) ?? 0),
  };
}

/** One line of JSON to the file that `KILLS_FIGURES` names, for `npm run test:faults`. */
export function reportFigures(figures: KillFigures): void {
  const file = process.env.KILLS_FIGURES;
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}
