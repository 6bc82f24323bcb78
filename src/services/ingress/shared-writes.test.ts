import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import { githubExamples, observedEffects, openIngress, signed } from './ingress.fixture.ts';

const connections = 64;
const each = 8;

it('webhooks of concurrent connections share the log’s transactions', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ingress-'));
  const { effects } = observedEffects();
  const log = await openEmbeddedLog({
    ...effects,
    file: join(directory, 'log.sqlite'),
    profile: 'development',
  });
  try {
    await using server = await openIngress({ log, effects });
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const bodies = githubExamples('issues').filter((body) => !JSON.parse(body.toString()).issue.pull_request);
    const send = (body: Buffer) =>
      new Promise<number>((resolve, reject) => {
        const sending = request(`${server.ingress.url}/webhook/github`, {
          method: 'POST',
          agent,
          headers: { ...signed(body), 'content-length': body.length },
        });
        sending.on('error', reject).on('response', (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        });
        sending.end(body);
      });
    const workers = Array.from({ length: connections }, async (_, worker) => {
      for (let n = 0; n < each; n++) {
        expect(await send(bodies[(worker + n) % bodies.length] as Buffer)).toBe(202);
      }
    });
    await Promise.all(workers);
    agent.destroy();
    const { records, transactions } = log.stats();
    expect(records).toBe(connections * each);
    expect(transactions).toBeLessThan(records / 2);
  } finally {
    await log.close();
    await rm(directory, { recursive: true });
  }
});
