import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import { startIngress } from '../src/services/ingress/start-ingress.ts';
import { benchRecord } from './installation.ts';
import { quietEffects } from './quiet-effects.ts';

/**
 * Accepts webhooks durably, alone in its process: as `ingress`, or as `floor`, which does no more than bare
 * node:http, HMAC and the same shared append must. Arguments: kind, secret. Prints its port.
 */
const [kind, secret] = process.argv.slice(2) as ['ingress' | 'floor', string];
const directory = mkdtempSync(join(tmpdir(), 'dispatchai-accept-'));
const { clock, logger, randomness } = quietEffects;
const log = await openEmbeddedLog({
  file: join(directory, 'log.sqlite'),
  profile: 'development',
  clock,
  logger,
  randomness,
});

async function startFloor(): Promise<{ port: number; stop(): Promise<void> }> {
  const { topic, headers } = benchRecord(1);
  let number = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const value = Buffer.concat(chunks);
      const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(value).digest('hex')}`);
      const given = Buffer.from(String(request.headers['x-hub-signature-256']));
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        response.writeHead(401, { 'content-length': 0 }).end();
        return;
      }
      number += 1;
      log.append([{ topic, key: `1#${number}`, value, headers }]).then(
        () => response.writeHead(202, { 'content-length': 0 }).end(),
        () => response.writeHead(503, { 'content-length': 0 }).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, stop: async () => void server.close() };
}

const server =
  kind === 'floor'
    ? await startFloor()
    : await startIngress({ log, effects: quietEffects, host: '127.0.0.1', port: 0, secrets: [secret] });
process.on('SIGTERM', async () => {
  const { transactions, records } = log.stats();
  console.log(JSON.stringify({ transactions, records }));
  await server.stop();
  await log.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
console.log(server.port);
