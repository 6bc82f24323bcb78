import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { benchPayload } from '../payloads.ts';
import { quantile } from '../quantiles.ts';

/**
 * A load generator in a process of its own: keeps `connections` sockets busy, one signed webhook in flight on each,
 * for `seconds`. It writes prepared bytes and reads only status lines, so that it costs less than what it measures.
 * Arguments: port, connections, seconds, secret. Prints one JSON line.
 */
const [port, connections, seconds, secret] = process.argv.slice(2) as [string, string, string, string];

const bodies = Array.from({ length: 64 }, (_, n) => benchPayload(n + 1, Date.now()));
const requests = bodies.map((body) => {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const head = `POST /webhook/github HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nX-GitHub-Event: issues\r\nX-Hub-Signature-256: sha256=${signature}\r\nContent-Length: ${body.length}\r\nX-GitHub-Delivery: `;
  return { head, body };
});

let sent = 0;
let accepted = 0;
let refused = 0;
const latencies: number[] = [];
const end = performance.now() + Number(seconds) * 1000;

function drive(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.setNoDelay(true);
    let began = 0;
    const next = () => {
      if (performance.now() >= end) {
        socket.end();
        return;
      }
      const { head, body } = requests[sent % requests.length] as (typeof requests)[number];
      sent += 1;
      began = performance.now();
      socket.cork();
      socket.write(`${head}bench-${process.pid}-${sent}\r\n\r\n`);
      socket.write(body);
      socket.uncork();
    };
    let waiting = '';
    socket.on('data', (chunk) => {
      waiting += chunk.toString('latin1');
      const headEnd = waiting.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(waiting)?.[1] ?? 0);
      if (waiting.length < headEnd + 4 + length) return;
      if (waiting.startsWith('HTTP/1.1 202')) accepted += 1;
      else refused += 1;
      latencies.push(performance.now() - began);
      waiting = '';
      next();
    });
    socket.on('connect', next);
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, drive));
const elapsed = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    accepted,
    refused,
    perSecond: accepted / elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }),
);
