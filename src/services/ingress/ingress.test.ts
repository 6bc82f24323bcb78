import { describe, expect, it } from 'vitest';
import { Problem } from '../../contracts/rest.ts';
import { RawHeaders, topics } from '../../contracts/topics.ts';
import { signBody } from '../../github/signature.ts';
import { LogUnavailableError, RecordTooLargeError } from '../../log/event-log.ts';
import { PortInUseError } from '../listen.ts';
import { githubExamples, openIngress, payload, post, secret, signed } from './ingress.fixture.ts';

describe('a webhook that is needed', () => {
  it('is in the log untouched before it is answered, whichever of GitHub’s own it is', async () => {
    await using server = await openIngress();
    for (const event of ['issues', 'issue_comment']) {
      for (const body of githubExamples(event)) {
        const { issue, repository, action } = JSON.parse(body.toString());
        const before = server.log.records.length;
        const answer = await post(server.ingress, body, signed(body, { 'x-github-event': event }));
        if (issue.pull_request) {
          expect(answer.status).toBe(200);
          expect(server.log.records.length).toBe(before);
          continue;
        }
        expect(answer.status).toBe(202);
        const record = server.log.records.at(-1);
        expect(record).toMatchObject({ topic: topics.raw, key: `${repository.id}#${issue.number}` });
        expect(Buffer.from(record?.value ?? []).equals(body)).toBe(true);
        expect(RawHeaders.parse(record?.headers)).toMatchObject({
          'delivery-id': answer.content.deliveryId,
          'correlation-id': answer.content.correlationId,
          event,
          action,
          issue: `${repository.full_name}#${issue.number}`,
          origin: 'github',
        });
        expect(record?.timestamp).toBe(Number(record?.headers['received-at']));
      }
    }
    expect(server.log.records).toHaveLength(34);
    expect(server.observed.counts.get('dispatchai_webhooks_accepted_total issues')).toBe(25);
  });

  it('is not answered before the log has it', async () => {
    await using server = await openIngress();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    server.log.gate = promise;
    let answered = false;
    const answer = post(server.ingress, payload()).then((response) => {
      answered = true;
      return response;
    });
    // Another request's whole way there and back is time enough for a premature answer.
    await fetch(`${server.ingress.url}/health`);
    expect(answered).toBe(false);
    open();
    expect((await answer).status).toBe(202);
  });

  it('may have an action that is not known yet', async () => {
    await using server = await openIngress();
    expect((await post(server.ingress, payload({ action: 'enchanted' }))).status).toBe(202);
    expect(server.log.records[0]?.headers.action).toBe('enchanted');
  });

  it('may come as a form, signed as sent', async () => {
    await using server = await openIngress();
    const json = payload({ note: 'a+b & c%20ü' });
    const body = Buffer.from(new URLSearchParams({ payload: json.toString() }).toString());
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect((await post(server.ingress, body, signed(body, type))).status).toBe(202);
    expect(Buffer.from(server.log.records[0]?.value ?? []).toString()).toBe(json.toString());
    const without = Buffer.from('other=1');
    expect((await post(server.ingress, without, signed(without, type))).status).toBe(400);
  });

  it('keeps the correlation id of its sender when that is a plain token', async () => {
    await using server = await openIngress();
    const body = payload();
    const asked = async (id: string) =>
      (await post(server.ingress, body, signed(body, { 'x-correlation-id': id }))).content.correlationId;
    expect(await asked('trace-1.a:b')).toBe('trace-1.a:b');
    expect(await asked('two words')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await asked('x'.repeat(500))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is marked as a sample by a repository id that GitHub does not have', async () => {
    await using server = await openIngress();
    await post(server.ingress, payload({ repository: { id: -1, full_name: 'sample/one\u001b[2J' } }));
    expect(server.log.records[0]?.headers).toMatchObject({
      origin: 'sample',
      issue: 'sample/one\ufffd[2J#7',
    });
  });

  it('is accepted with any of the secrets, so that one can be rotated', async () => {
    await using server = await openIngress({ secrets: ['the new one', secret] });
    const body = payload();
    expect((await post(server.ingress, body)).status).toBe(202);
    const renewed = signed(body, { 'x-hub-signature-256': signBody(body, 'the new one') });
    expect((await post(server.ingress, body, renewed)).status).toBe(202);
  });
});

describe('what is signed and not needed', () => {
  it('is answered with 200 and stays out of the log', async () => {
    await using server = await openIngress();
    for (const event of ['ping', 'push', 'pull_request', 'star']) {
      for (const body of githubExamples(event).slice(0, 1)) {
        const answer = await post(server.ingress, body, signed(body, { 'x-github-event': event }));
        expect(answer).toMatchObject({ status: 200, content: { status: 'ignored' } });
      }
    }
    const comment = payload({ action: 'created', issue: { number: 7, pull_request: { url: 'x' } } });
    const answer = await post(
      server.ingress,
      comment,
      signed(comment, { 'x-github-event': 'issue_comment' }),
    );
    expect(answer).toMatchObject({ status: 200, content: { status: 'ignored' } });
    expect(server.log.records).toHaveLength(0);
    expect(server.observed.counts.get('dispatchai_webhooks_ignored_total pull-request')).toBe(1);
  });
});

describe('a refusal', () => {
  const body = payload();
  const without = (name: string) =>
    Object.fromEntries(Object.entries(signed(body)).filter(([header]) => header !== name));
  const broken = Buffer.from('{"action":"opened",');
  const cases: readonly [string, number, string, Buffer, Record<string, string>][] = [
    ['without an event', 400, 'headers', body, without('x-github-event')],
    ['without a delivery id', 400, 'headers', body, without('x-github-delivery')],
    ['with a long delivery id', 400, 'headers', body, signed(body, { 'x-github-delivery': 'x'.repeat(201) })],
    ['without a signature', 401, 'signature', body, without('x-hub-signature-256')],
    [
      'with another secret',
      401,
      'signature',
      body,
      signed(body, { 'x-hub-signature-256': signBody(body, 'other') }),
    ],
    ['with half a signature', 401, 'signature', body, signed(body, { 'x-hub-signature-256': 'sha256=00ff' })],
    ['malformed and badly signed', 401, 'signature', broken, signed(body)],
    ['not needed and badly signed', 401, 'signature', broken, signed(body, { 'x-github-event': 'ping' })],
    ['malformed JSON', 400, 'malformed', broken, signed(broken)],
    ['an empty body', 400, 'malformed', Buffer.alloc(0), signed(Buffer.alloc(0))],
    ...[
      { issue: null },
      { issue: { number: 'seven' } },
      { issue: { number: 0 } },
      { repository: undefined },
      { repository: { id: 1e300, full_name: 'octo/hello' } },
      { action: 5 },
    ].map((over): [string, number, string, Buffer, Record<string, string>] => {
      const odd = payload(over);
      return [`with ${JSON.stringify(over)}`, 400, 'malformed', odd, signed(odd)];
    }),
  ];

  it.each(cases)('%s: %i', async (_name, status, reason, sent, headers) => {
    await using server = await openIngress();
    const answer = await post(server.ingress, sent, headers);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(Problem.parse(answer.content).detail).toMatch(/\w+.*\.?$/);
    expect(server.log.records).toHaveLength(0);
    expect(server.observed.counts.get(`dispatchai_webhooks_refused_total ${reason}`)).toBe(1);
    expect(server.observed.warnings).toMatchObject([{ reason, status }]);
  });

  it('says which paths and methods there are', async () => {
    await using server = await openIngress();
    const ask = (path: string, method: string) => fetch(server.ingress.url + path, { method });
    expect((await ask('/', 'GET')).status).toBe(404);
    expect((await ask('/webhook/gitlab', 'POST')).status).toBe(404);
    const get = await ask('/webhook/github?x=1', 'GET');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask('/health', 'POST')).status).toBe(405);
    expect((await ask('/metrics', 'GET')).status).toBe(404);
  });

  it('is logged with a bound, whoever knocks', async () => {
    await using server = await openIngress();
    for (let n = 0; n < 60; n++) await fetch(`${server.ingress.url}/wp-login.php`);
    expect(server.observed.counts.get('dispatchai_webhooks_refused_total not-found')).toBe(60);
    expect(server.observed.warnings).toHaveLength(20);
  });
});

describe('a log in trouble', () => {
  it('makes it 503 with Retry-After, and ingress unready until it is back', async () => {
    await using server = await openIngress();
    const health = async () => (await fetch(`${server.ingress.url}/health`)).status;
    expect(await health()).toBe(200);
    server.log.fault = new LogUnavailableError('database or disk is full');
    const answer = await post(server.ingress, payload());
    expect(answer).toMatchObject({
      status: 503,
      content: { detail: expect.stringContaining('disk is full') },
    });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(server.ingress.readiness()).toMatchObject({ ready: false });
    expect(await health()).toBe(503);
    server.log.fault = null;
    expect((await post(server.ingress, payload())).status).toBe(202);
    expect(await health()).toBe(200);
  });

  it('makes a record that it cannot hold the sender’s 413, and an unforeseen error 500', async () => {
    await using server = await openIngress();
    server.log.fault = new RecordTooLargeError('too large');
    expect((await post(server.ingress, payload())).status).toBe(413);
    server.log.fault = new Error('unforeseen');
    expect(await post(server.ingress, payload())).toMatchObject({ status: 500, content: { status: 500 } });
    server.log.fault = null;
    expect((await post(server.ingress, payload())).status).toBe(202);
  });
});

describe('starting', () => {
  it('names port and variable when the port is in use', async () => {
    await using server = await openIngress();
    const second = openIngress({ port: server.ingress.port });
    await expect(second).rejects.toThrow(PortInUseError);
    await expect(second).rejects.toMatchObject({ port: server.ingress.port, variable: 'INGRESS_PORT' });
  });

  it('needs a secret', async () => {
    await expect(openIngress({ secrets: [] })).rejects.toThrow('secret');
    await expect(openIngress({ secrets: [secret, ''] })).rejects.toThrow('secret');
  });

  it('serves the metrics and the health that it is given', async () => {
    await using server = await openIngress({
      health: () => ({ status: 'starting', services: {} }),
      metrics: async () => 'up 1\n',
    });
    const health = await fetch(`${server.ingress.url}/health`);
    expect([health.status, await health.json()]).toEqual([503, { status: 'starting', services: {} }]);
    expect(await (await fetch(`${server.ingress.url}/metrics`)).text()).toBe('up 1\n');
  });
});
