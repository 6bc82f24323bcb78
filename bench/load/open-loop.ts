import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { benchPayload } from '../payloads.ts';
import { quantile } from '../quantiles.ts';

/**
 * An open load in a process of its own: webhooks leave at a fixed rate whatever the answers take, so that a slow
 * answer cannot hide behind the wait for it. Arguments: port, rate (1/s), seconds, secret, first issue number.
 * Prints one JSON line; times count from when a webhook was due.
 */
const [port, rate, seconds, secret, first] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const total = Number(rate) * Number(seconds);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const latencies: number[] = [];
let refused = 0;

function post(n: number, due: number): Promise<void> {
  const body = benchPayload(n, Date.now());
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        host: '127.0.0.1',
        port: Number(port),
        path: '/webhook/github',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'x-github-event': 'issues',
          'x-github-delivery': `bench-${n}`,
          'x-hub-signature-256': `sha256=${signature}`,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode !== 202) refused += 1;
          latencies.push(performance.now() - due);
          resolve();
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const start = performance.now();
const posts: Promise<void>[] = [];
for (let n = 0; n < total; n += 1) {
  const due = start + (n * 1000) / Number(rate);
  const wait = due - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  posts.push(post(Number(first) + n, due));
}
await Promise.all(posts);
agent.destroy();
console.log(
  JSON.stringify({
    sent: total,
    refused,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    max: Math.max(...latencies),
  }),
);
