import { FeedMessage } from '../../src/contracts/feed.ts';
import { postWebhook, RunningServer } from '../../test/running-server.ts';
import { benchPayload } from '../payloads.ts';
import { quantile } from '../quantiles.ts';

export interface FeedFigures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** From before a webhook is posted until its issue is read from the WebSocket, in ms, at a steady rate. */
export async function measureFeed(rate: number, seconds: number): Promise<FeedFigures> {
  const server = await RunningServer.create({ LOG_LEVEL: 'warn' });
  try {
    await server.start();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
    const posted = new Map<number, number>();
    const latencies: number[] = [];
    let heard = (): void => undefined;
    socket.addEventListener('message', ({ data }) => {
      const now = performance.now();
      const message = FeedMessage.safeParse(JSON.parse(String(data)));
      if (!message.success || message.data.type !== 'issue') return;
      const began = posted.get(message.data.issue.number);
      if (began === undefined) return;
      posted.delete(message.data.issue.number);
      latencies.push(now - began);
      if (posted.size === 0) heard();
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    const run = async (first: number, count: number) => {
      const start = performance.now();
      for (let n = 0; n < count; n += 1) {
        const wait = start + (n * 1000) / rate - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const payload = benchPayload(first + n, Date.now());
        posted.set(first + n, performance.now());
        void postWebhook(server.webhookUrl, `bench-${first + n}`, payload);
      }
      await new Promise<void>((resolve) => {
        heard = resolve;
        if (posted.size === 0) resolve();
      });
    };
    await run(1, rate * 3);
    latencies.length = 0;
    await run(1_000_000, rate * seconds);
    socket.close();
    return { rate, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
  } finally {
    await server.remove();
  }
}
