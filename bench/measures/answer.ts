import { secret } from '../../test/running-server.ts';
import { type Measured, ms } from '../measured.ts';
import { startScript } from '../processes.ts';
import { againstUp } from '../stores/against-installation.ts';
import type { BenchStores } from '../stores/bench-stores.ts';

export interface AnswerFigures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How long GitHub waits for its answer, in ms, at a steady rate with every service of `up` at work. */
export async function answer(stores: BenchStores, quick: boolean): Promise<Measured> {
  const rate = 200;
  const figures = await measureAnswer(stores, rate, quick ? 5 : 20);
  const figure = `p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}`;
  return { figures, rows: [{ what: `answer to GitHub, all services, ${rate}/s`, figure }] };
}

function measureAnswer(stores: BenchStores, rate: number, seconds: number): Promise<AnswerFigures> {
  return againstUp(stores, async (server) => {
    const load = (length: number, first: number) => {
      const args = [server.ports.ingress, rate, length, secret, first].map(String);
      return startScript({ name: 'load/open-loop.ts', args });
    };
    await load(3, 1);
    const figures = JSON.parse((await load(seconds, 1_000_000)).line) as AnswerFigures & { refused: number };
    if (figures.refused > 0) throw new Error(`${figures.refused} webhooks were refused`);
    return { rate, p50: figures.p50, p99: figures.p99, max: figures.max };
  });
}
