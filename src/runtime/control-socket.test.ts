import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import type { NewRecord } from '../log/event-log.ts';
import { connectToServer } from './control-client.ts';
import { type ControlServer, openControlSocket } from './control-server.ts';
import type { Installation } from './installation.ts';
import { HandClock, keepingEffects } from './runtime.fixture.ts';

let directory = '';
let server: ControlServer | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dispatchai-control-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(directory, { recursive: true });
});

function installation(appended: NewRecord[]): Installation {
  return {
    status: async () => ({
      version: '0',
      pid: 1,
      startedAt: '',
      dataDirectory: directory,
      pageUrl: null,
      ingressUrl: null,
      health: { status: 'ready', services: {} },
    }),
    consistency: () => Promise.reject(new Error('the database is away')),
    deleteIssue: async (issue) => ({
      outcome: 'deleted',
      published: true,
      repository: JSON.stringify(issue),
    }),
    eraseIssue: async () => ({ outcome: 'unknown' }),
    removeSamples: async () => ({ removed: 3 }),
    append: async (records) => void appended.push(...records),
    groups: async () => [],
    seekGroup: async (request) => ({ kind: 'refused', reason: JSON.stringify(request) }),
    lag: async () => 7,
  };
}

async function connected(appended: NewRecord[] = []) {
  const path = join(directory, 'control.sock');
  server = await openControlSocket(
    path,
    installation(appended),
    keepingEffects(new HandClock()).effects.logger,
  );
  const found = await connectToServer(path);
  if (!found) throw new Error('nobody answers');
  return { ...found, path };
}

it('carries commands, and the bytes of records', async () => {
  const appended: NewRecord[] = [];
  const { installation: remote, status } = await connected(appended);
  expect(status.health.status).toBe('ready');
  expect(await remote.lag()).toBe(7);
  expect(await remote.removeSamples()).toEqual({ removed: 3 });
  for (const issue of [
    { repository: 'o/r', number: 2 },
    { repositoryId: -7, number: 2 },
  ]) {
    expect(await remote.deleteIssue(issue)).toMatchObject({ repository: JSON.stringify(issue) });
  }
  const record = {
    topic: topics.raw,
    key: '1#2',
    value: Buffer.from([0, 255, 10]),
    headers: { event: 'snapshot' },
  };
  await remote.append([record]);
  expect(appended).toEqual([record]);
});

it('tells what went wrong in the server', async () => {
  const { installation: remote } = await connected();
  await expect(remote.consistency()).rejects.toThrow('the database is away');
});

it('refuses records of any topic but the raw one', async () => {
  const { installation: remote } = await connected();
  const record = { topic: topics.deletions, key: '1#2', value: Buffer.from('x'), headers: {} };
  await expect(remote.append([record])).rejects.toThrow();
});

it('is open to its user alone', async () => {
  const { path } = await connected();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('replaces the socket of a killed process, and knows when nobody answers', async () => {
  const path = join(directory, 'control.sock');
  expect(await connectToServer(path)).toBeNull();
  writeFileSync(path, 'left behind');
  expect(await connectToServer(path)).toBeNull();
  // Whoever opens a data directory that is a file says so better.
  expect(await connectToServer(join(path, 'control.sock'))).toBeNull();
  await connected();
});

it('follows no link to a socket of somebody else', async () => {
  const { path } = await connected();
  symlinkSync(path, join(directory, 'link.sock'));
  expect(await connectToServer(join(directory, 'link.sock'))).toBeNull();
});

it('a server that ends within an answer fails the command, and not the process', async () => {
  const path = join(directory, 'control.sock');
  const ending = createServer((request, response) => {
    if (request.url === '/status') return response.end('{}');
    response.end('{"outcome":"del');
  });
  await new Promise<void>((resolve) => ending.listen(path, resolve));
  try {
    const found = await connectToServer(path);
    await expect(found?.installation.lag()).rejects.toThrow('ended before it had answered');
  } finally {
    ending.close();
  }
});

it('an answer that cannot be written ends its connection, and not the process', async () => {
  const path = join(directory, 'control.sock');
  const given = { ...installation([]), lag: async () => 7n as unknown as number };
  server = await openControlSocket(path, given, keepingEffects(new HandClock()).effects.logger);
  const found = await connectToServer(path);
  await expect(found?.installation.lag()).rejects.toThrow('socket hang up');
});
