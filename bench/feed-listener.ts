import { FeedMessage } from '../src/contracts/feed.ts';
import { postWebhook } from '../test/post-webhook.ts';
import { until } from '../test/until.ts';
import { benchPayload } from './payloads.ts';

interface FeedLoad {
  /** Where to post. */
  readonly url: string;
  /** Webhooks a second. */
  readonly rate: number;
  /** Number of the first issue. */
  readonly first: number;
  readonly count: number;
}

/** A client of the gateway's WebSocket that posts webhooks and waits for their issues. */
export class FeedListener {
  readonly #socket: WebSocket;
  readonly #posted = new Map<number, number>();
  #latencies: number[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(String(data)));
  }

  static async connect(gatewayUrl: string): Promise<FeedListener> {
    const socket = new WebSocket(`${gatewayUrl.replace('http', 'ws')}/ws`);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new FeedListener(socket);
  }

  /** Milliseconds of each issue, from before its webhook was posted. */
  async measure({ url, rate, first, count }: FeedLoad): Promise<readonly number[]> {
    this.#latencies = [];
    const answers: Promise<number | null>[] = [];
    const start = performance.now();
    for (let n = 0; n < count; n += 1) {
      const wait = start + (n * 1000) / rate - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const payload = benchPayload(first + n, Date.now());
      this.#posted.set(first + n, performance.now());
      answers.push(postWebhook(url, `bench-${first + n}`, payload));
    }
    const refused = (await Promise.all(answers)).filter((status) => status !== 202);
    if (refused.length > 0) throw new Error(`${refused.length} webhooks were refused, with ${refused[0]}`);
    await until(() => this.#posted.size === 0, { what: 'every issue is heard of', withinMs: 30_000 });
    return this.#latencies;
  }

  close(): void {
    this.#socket.close();
  }

  #hear(text: string): void {
    const now = performance.now();
    const message = FeedMessage.safeParse(JSON.parse(text));
    if (!message.success || message.data.type !== 'issue') return;
    const { number } = message.data.issue;
    const began = this.#posted.get(number);
    if (began === undefined) return;
    this.#posted.delete(number);
    this.#latencies.push(now - began);
  }
}
