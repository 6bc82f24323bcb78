import { RunningServer, secret } from '../../test/running-server.ts';
import { startScript } from '../servers.ts';

export interface AnswerFigures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How long GitHub waits for its answer, in ms, at a steady rate with every service of `up` at work. */
export async function measureAnswer(rate: number, seconds: number): Promise<AnswerFigures> {
  const server = await RunningServer.create({ LOG_LEVEL: 'warn' });
  try {
    await server.start();
    const load = (length: number, first: number) =>
      startScript('load/open-loop.ts', [server.ports.ingress, rate, length, secret, first].map(String));
    await load(3, 1);
    const figures = JSON.parse((await load(seconds, 1_000_000)).line) as AnswerFigures & { refused: number };
    if (figures.refused > 0) throw new Error(`${figures.refused} webhooks were refused`);
    return { rate, p50: figures.p50, p99: figures.p99, max: figures.max };
  } finally {
    await server.remove();
  }
}
