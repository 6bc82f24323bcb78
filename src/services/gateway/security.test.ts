import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { PortInUseError } from '../listen.ts';
import { openGateway, openSocket } from './gateway.fixture.ts';

let scratch: ScratchDatabase;
let pageDirectory: string;
beforeAll(async () => {
  scratch = await openScratchDatabase();
  pageDirectory = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(pageDirectory, 'assets'));
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><title>the page</title>');
  await writeFile(join(pageDirectory, 'assets', 'app-3f9c.js'), 'export {};');
}, 60_000);
afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
  await rm(pageDirectory, { recursive: true });
});

/** `fetch` sets Host itself and refuses to send some headers. */
function raw(url: string, method: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

test('only requests for a host of this machine are heard', async () => {
  await using gateway = await openGateway(scratch);
  const { port } = gateway.gateway;
  const status = async (host: string) =>
    (await raw(`http://127.0.0.1:${port}/api/issues`, 'GET', { host })).status;
  for (const host of [`127.0.0.1:${port}`, 'localhost', `localhost:${port}`, '[::1]:1234', 'LOCALHOST']) {
    expect([host, await status(host)]).toEqual([host, 200]);
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '10.0.0.1',
    'a@localhost',
  ]) {
    expect([host, await status(host)]).toEqual([host, 421]);
  }
  expect((await raw(`http://127.0.0.1:${port}/health`, 'GET', { host: 'evil.example' })).status).toBe(421);
});

test('pages of another origin can neither write nor listen', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1 }]);
  const { port, url } = gateway.gateway;
  const own = `127.0.0.1:${port}`;
  const remove = async (origin: string) =>
    (await raw(`${url}/api/issues/acme/app/1`, 'DELETE', { host: own, origin })).status;
  for (const origin of [
    'http://evil.example',
    'null',
    `http://localhost:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'x',
  ]) {
    expect([origin, await remove(origin)]).toEqual([origin, 403]);
    await expect(openSocket(`ws://${own}/ws`, { origin })).rejects.toThrow('403');
  }
  (await openSocket(`ws://${own}/ws`, { origin: `http://${own}` })).close();
  (await openSocket(`ws://${own}/ws`)).close();
  expect(await remove(`http://${own}`)).toBe(200);
});

test('with a token everything but health asks for it, as a bearer or by the cookie of the form', async () => {
  await using gateway = await openGateway(scratch, { token: 'a long secret', pageDirectory });
  const { url, port } = gateway.gateway;
  const bearer = { authorization: 'Bearer a long secret' };
  const socketUrl = `ws://127.0.0.1:${port}/ws`;
  for (const path of [
    '/api/issues',
    '/metrics',
    '/docs/json',
    '/health/consistency',
    '/assets/app-3f9c.js',
    '/',
  ]) {
    expect([path, (await raw(url + path, 'GET', {})).status]).toEqual([path, 401]);
    expect([path, (await raw(url + path, 'GET', { authorization: 'Bearer wrong' })).status]).toEqual([
      path,
      401,
    ]);
    expect((await raw(url + path, 'GET', bearer)).status).not.toBe(401);
  }
  expect((await raw(`${url}/health`, 'GET', {})).status).toBe(200);
  await expect(openSocket(socketUrl)).rejects.toThrow('401');
  (await openSocket(socketUrl, bearer)).close();

  const page = await raw(`${url}/`, 'GET', { accept: 'text/html' });
  expect([page.status, page.headers.location]).toEqual([302, '/login']);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const wrong = await raw(`${url}/login`, 'POST', form, 'token=wrong');
  expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
  const right = await raw(`${url}/login`, 'POST', form, 'token=a+long+secret');
  const [cookie = ''] = right.headers['set-cookie'] as string[];
  expect(right.status).toBe(303);
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect(decodeURIComponent(cookie)).not.toContain('a long secret');
  const session = { cookie: cookie.split(';')[0] ?? '' };
  expect((await raw(`${url}/api/issues`, 'GET', session)).status).toBe(200);
  expect((await raw(`${url}/`, 'GET', { ...session, accept: 'text/html' })).body).toContain('the page');
  (await openSocket(socketUrl, session)).close();
  const forged = { cookie: session.cookie.replace(/=\d/, '=9') };
  expect((await raw(`${url}/api/issues`, 'GET', forged)).status).toBe(401);
  gateway.clock.shift = 31 * 86_400_000;
  expect((await raw(`${url}/api/issues`, 'GET', session)).status).toBe(401);
});

test('guessing the token is slowed down', async () => {
  await using gateway = await openGateway(scratch, { token: 'a long secret' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const guess = (token: string) => raw(`${gateway.gateway.url}/login`, 'POST', form, `token=${token}`);
  for (let attempt = 0; attempt < 10; attempt += 1) expect((await guess('wrong')).status).toBe(401);
  expect((await guess('a+long+secret')).status).toBe(429);
});

test('does not start where others can reach it without a token', async () => {
  await expect(openGateway(scratch, { host: '0.0.0.0' })).rejects.toThrow('DISPATCHAI_TOKEN');
  await expect(openGateway(scratch, { token: '' })).rejects.toThrow('DISPATCHAI_TOKEN');
});

test('a port in use is named with its variable', async () => {
  await using gateway = await openGateway(scratch);
  const second = openGateway(scratch, { port: gateway.gateway.port });
  await expect(second).rejects.toThrow(PortInUseError);
  await expect(second).rejects.toThrow('GATEWAY_PORT');
});

test('the page is served for every path that is nobody else’s, its assets for ever, under a strict policy', async () => {
  await using gateway = await openGateway(scratch, { pageDirectory });
  const { url } = gateway.gateway;
  const html = { accept: 'text/html,*/*' };
  for (const path of ['/', '/issues/acme/app/1', '/settings?x=1']) {
    const answer = await raw(url + path, 'GET', html);
    expect([path, answer.status, answer.headers['cache-control']]).toEqual([path, 200, 'no-cache']);
    expect(answer.body).toContain('the page');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
    expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
  }
  const asset = await raw(`${url}/assets/app-3f9c.js`, 'GET', {});
  expect(asset.headers['cache-control']).toContain('immutable');
  for (const path of ['/assets/gone.js', '/api/nothing', '/../package.json', '/%2e%2e/package.json']) {
    const answer = await raw(url + path, 'GET', { accept: '*/*' });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
});

test('without a built page a sentence says so', async () => {
  await using gateway = await openGateway(scratch, { pageDirectory: join(pageDirectory, 'nowhere') });
  expect((await raw(`${gateway.gateway.url}/`, 'GET', { accept: 'text/html' })).body).toContain('not built');
  expect((await raw(`${gateway.gateway.url}/`, 'GET', { accept: '*/*' })).body).toContain('not built');
});

test('an unready process answers 503 with the reasons, and an inner error gives nothing away', async () => {
  await using gateway = await openGateway(scratch, {
    health: () => ({
      status: 'starting',
      services: { ingress: { ready: false, reason: 'It does not listen.' } },
    }),
    metrics: () => Promise.reject(new Error('/secret/path is broken')),
  });
  const health = await gateway.request('/health');
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ services: { ingress: { reason: 'It does not listen.' } } });
  const broken = await gateway.request('/metrics');
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('secret');
});
