import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { dial, openIngress, payload, post, signed, webhookHead } from './ingress.fixture.ts';

const megabyte = 1024 * 1024;

/** Writes zeros until the other side has had enough; resolves with how many bytes went out. */
async function flood(socket: Socket, most: number): Promise<number> {
  const chunk = Buffer.alloc(256 * 1024);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  while (!socket.destroyed && socket.writable && socket.bytesWritten < most) {
    if (socket.write(chunk)) continue;
    await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), closed]);
  }
  return socket.bytesWritten;
}

describe('a body over 25 MB', () => {
  it('that is announced is refused unread, with an answer that arrives', async () => {
    await using server = await openIngress();
    const caller = await dial(server.ingress, webhookHead(`Content-Length: ${200 * megabyte}`));
    const written = await flood(caller.socket, 200 * megabyte);
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 413 [\s\S]*"status":413/);
    // What lingering reads, and what the kernel's buffers took on both sides.
    expect(written).toBeLessThan(20 * megabyte);
  });

  it('that is streamed is refused at the limit, and its connection ends', async () => {
    await using server = await openIngress({ limits: { bodyBytes: 2 * megabyte } });
    const caller = await dial(server.ingress, webhookHead('Transfer-Encoding: chunked'));
    caller.socket.write(`${(400 * megabyte).toString(16)}\r\n`);
    const written = await flood(caller.socket, 400 * megabyte);
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 413 /);
    expect(written).toBeLessThan(25 * megabyte);
    expect((await post(server.ingress, payload())).status).toBe(202);
  });

  it('is not even sent by a client that asks first', async () => {
    await using server = await openIngress();
    const continued: string[] = [];
    const ask = (length: number, body?: Buffer) => {
      const headers = {
        ...signed(body ?? Buffer.alloc(0)),
        'content-length': length,
        expect: '100-continue',
      };
      const asking = request(`${server.ingress.url}/webhook/github`, { method: 'POST', headers });
      asking.on('continue', () => {
        continued.push('continue');
        asking.end(body);
      });
      asking.flushHeaders();
      return once(asking, 'response').then(([response]) => {
        asking.destroy();
        return response.statusCode;
      });
    };
    expect(await ask(26 * megabyte)).toBe(413);
    expect(continued).toEqual([]);
    const body = payload();
    expect(await ask(body.length, body)).toBe(202);
    expect(continued).toEqual(['continue']);
  });

  it('is 25 MB exactly when it still fits', async () => {
    await using server = await openIngress();
    const body = payload({ padding: '' });
    const padded = payload({ padding: 'x'.repeat(25 * megabyte - body.length) });
    expect(padded.length).toBe(25 * megabyte);
    expect((await post(server.ingress, padded)).status).toBe(202);
    const over = payload({ padding: 'x'.repeat(25 * megabyte - body.length + 1) });
    expect((await post(server.ingress, over)).status).toBe(413);
  });
});

describe('the bytes in flight', () => {
  it('have a bound over all requests, and are given back', async () => {
    await using server = await openIngress({ limits: { bytesInFlight: megabyte } });
    const holding = await dial(server.ingress, webhookHead(`Content-Length: ${2 * megabyte}`));
    holding.socket.write(Buffer.alloc(megabyte - 1000));
    const large = payload({ padding: 'x'.repeat(10_000) });
    const refused = await untilStatus(503, () => post(server.ingress, large));
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await post(server.ingress, payload())).status).toBe(202);
    holding.socket.destroy();
    await holding.closed;
    await untilStatus(202, () => post(server.ingress, large));
    await untilStatus(202, () => post(server.ingress, payload({ padding: 'x'.repeat(megabyte - 500) })));
  });
});

describe('a slow sender', () => {
  it('of a body or of headers is answered 408 and let go', async () => {
    await using server = await openIngress({ limits: { requestMs: 500, headersMs: 300 } });
    const slowBody = await dial(server.ingress, webhookHead('Content-Length: 1000'));
    slowBody.socket.write('{');
    const slowHead = await dial(server.ingress, []);
    slowHead.socket.write('POST /webhook/github HTTP/1.1\r\nHost: ');
    expect(await slowBody.closed).toMatch(/^HTTP\/1\.1 408 /);
    expect(await slowHead.closed).toMatch(/^HTTP\/1\.1 408 /);
    expect((await post(server.ingress, payload())).status).toBe(202);
  });
});

describe('stopping', () => {
  it('finishes what is under way, then lets its connections go', async () => {
    const server = await openIngress();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    server.log.gate = promise;
    const body = payload();
    const answer = post(server.ingress, body);
    const appending = new Promise<void>((resolve) => {
      const { append } = server.log;
      server.log.append = (records) => {
        resolve();
        return append.call(server.log, records);
      };
    });
    await appending;
    const stopping = server.ingress.stop();
    expect(server.ingress.stop()).toBe(stopping);
    expect(server.ingress.readiness().ready).toBe(false);
    open();
    expect((await answer).status).toBe(202);
    await stopping;
    await expect(post(server.ingress, body)).rejects.toThrow();
  });

  it('does not wait long for a sender who never ends', async () => {
    const server = await openIngress({ limits: { stopMs: 200 } });
    const caller = await dial(server.ingress, webhookHead('Content-Length: 1000'));
    await fetch(`${server.ingress.url}/health`);
    const from = performance.now();
    await server.ingress.stop();
    await caller.closed;
    expect(performance.now() - from).toBeLessThan(3000);
  });
});

/** Asks again until the answer has the status; the test's own time limit is the bound. */
async function untilStatus<T extends { readonly status: number }>(status: number, ask: () => Promise<T>) {
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return answer;
  }
}
