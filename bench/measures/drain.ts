import { drainEmbedded } from '../drain/drain-embedded.ts';
import { drainServed } from '../drain/drain-served.ts';
import { type StageRates, stageNames } from '../drain/stages.ts';
import { type Measured, percent, whole } from '../measured.ts';
import type { BenchStores } from '../stores/bench-stores.ts';

/** Issues per second from a preloaded log into the database, against each stage of that way alone. */
export async function drain(stores: BenchStores, quick: boolean): Promise<Measured> {
  const count = quick ? 5000 : 20_000;
  if (stores.kind === 'embedded') {
    const figures = await drainEmbedded(count);
    const row = {
      what: 'issues/s drained from the log',
      figure: whole(figures.issuesPerSecond),
      limit: said(figures.stages),
      ratio: percent(figures.ratio),
      target: '≥ 70 % and ≥ 1,000',
    };
    return { figures, rows: [row] };
  }
  const figures = await drainServed(stores, count);
  const { one, two } = figures.stages;
  const rows = [
    {
      what: 'issues/s drained from the log, two classifiers',
      figure: `${whole(figures.issuesPerSecond)} (processor ${figures.processorMs.toFixed(2)} ms)`,
      limit: `two at once: ${said(two)}`,
      ratio: percent(figures.ratio),
      target: '≥ 70 % and ≥ 1,500',
    },
    {
      what: 'a stage alone, in one process',
      figure: said(one),
      ratio: percent(figures.issuesPerSecond / Math.min(...Object.values(one))),
    },
    { what: 'model, ms an issue', figure: (1000 / one.model).toFixed(2), target: '≤ 0.4' },
  ];
  return { figures, rows };
}

const said = (rates: StageRates): string =>
  stageNames.map((name) => `${name} ${whole(rates[name])}`).join(', ');
