import { FeedListener } from '../feed-listener.ts';
import { type Measured, ms } from '../measured.ts';
import { quantile } from '../quantiles.ts';
import { againstServices, againstUp } from '../stores/against-installation.ts';
import type { BenchStores } from '../stores/bench-stores.ts';

export interface FeedFigures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

const rate = 50;

/** From before a webhook is posted until its issue is read from the WebSocket, in ms, at a steady rate. */
export async function feed(stores: BenchStores, quick: boolean): Promise<Measured> {
  const seconds = quick ? 5 : 30;
  const what = `webhook to WebSocket, ${rate}/s`;
  const said = (figures: FeedFigures) => `p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}`;
  const up = await againstUp(stores, ({ webhookUrl, url }) => measureFeed(webhookUrl, url, seconds));
  if (stores.kind === 'embedded') {
    return { figures: up, rows: [{ what, figure: said(up), target: 'p50 ≤ 10 ms, p99 ≤ 50 ms' }] };
  }
  const apart = await againstServices(stores, (services) =>
    measureFeed(services.webhookUrls[0] ?? '', services.one('gateway').url, seconds),
  );
  const target = 'p50 ≤ 20 ms, p99 ≤ 100 ms';
  return {
    figures: { up, apart },
    rows: [
      { what: `${what}, one process`, figure: said(up), target },
      { what: `${what}, a process for each service`, figure: said(apart), target },
    ],
  };
}

async function measureFeed(webhookUrl: string, gatewayUrl: string, seconds: number): Promise<FeedFigures> {
  const listener = await FeedListener.connect(gatewayUrl);
  try {
    await listener.measure({ url: webhookUrl, rate, first: 1, count: rate * 3 });
    const measured = { url: webhookUrl, rate, first: 1_000_000, count: rate * seconds };
    const latencies = await listener.measure(measured);
    return { rate, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
  } finally {
    listener.close();
  }
}
