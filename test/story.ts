import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Consistency, Health } from '../src/contracts/health.ts';
import { IssueList } from '../src/contracts/rest.ts';
import { dropDatabase, resetGroup, runSql } from './behind-its-back.ts';
import { settled } from './promises.ts';
import { postWebhook, RunningServer } from './running-server.ts';
import { readStoredState } from './stored-state.ts';
import type { Stores } from './stores.ts';
import { until } from './until.ts';
import { startLoad } from './webhook-load.ts';
import { issuePayload, repository } from './webhook-payload.ts';

const issues = 500;

/**
 * The story that the design ends: rows deleted behind the program's back, offsets set to the start, and the old issues
 * came back and were paid for again. Then the same with the whole database gone.
 */
export async function tellTheStory(stores: Stores): Promise<void> {
  const server = await RunningServer.create(stores.environment);
  try {
    await triageIssues(server);
    const before = await stoppedState(server, stores);
    await loseRows(server, stores);
    await loseDatabaseAndAdopt(server, stores);
    await loseDatabaseAndRebuild(server, stores, before);
  } finally {
    await server.remove();
  }
}

async function triageIssues(server: RunningServer): Promise<void> {
  await server.start();
  const load = startLoad({
    urls: [server.webhookUrl],
    webhooks: issues,
    issues,
    senders: 16,
    name: 'story',
    refused: 'send again',
  });
  await load.done;
  await correct(server, 1);
  await settled(server.url);
  expect(await classifications(server)).toBe(issues);
}

async function loseRows(server: RunningServer, stores: Stores): Promise<void> {
  await runSql(server.dataDirectory, stores, [
    'delete from classifications',
    'delete from corrections',
    'delete from issues',
  ]);
  await resetGroup(server.dataDirectory, stores);
  await server.start();
  await opened(server, 501, 'A new issue arrives');
  await settled(server.url);
  expect(await numbers(server)).toEqual([501]);
  expect(await classifications(server)).toBe(1);
  await until(async () => (await consistency(server)).missing.checkedAt !== null, {
    what: 'missing issues are counted',
    withinMs: 90_000,
  });
  const report = await consistency(server);
  expect(report).toMatchObject({ status: 'degraded', database_records: 1, pairing: { status: 'paired' } });
  expect(report.missing).toMatchObject({
    count: issues,
    repair: expect.stringContaining('dispatchai issues'),
  });
  expect(report.missing.sample.length).toBeGreaterThan(0);
  expect(report.reasons).toContainEqual(expect.stringContaining(`${issues} issues`));
  // A reason until the position is mirrored again, a note from then on.
  const said = [...report.reasons, ...(report.notes ?? [])].join('\n');
  expect(said).toContain('dispatchai groups seek dispatchai-classifier');
  expect(await server.stop()).toBe(0);
}

async function loseDatabaseAndAdopt(server: RunningServer, stores: Stores): Promise<void> {
  await dropDatabase(server.dataDirectory, stores);
  await configure(server, 'halt');
  await expectHalted(server);
  await configure(server, 'adopt');
  await server.start();
  await settled(server.url);
  expect(await numbers(server)).toEqual([]);
  expect(await classifications(server)).toBe(0);
  await opened(server, 502, 'Another one arrives');
  await settled(server.url);
  expect(await numbers(server)).toEqual([502]);
  expect(await classifications(server)).toBe(1);
  const report = await consistency(server);
  expect(report.pairing).toMatchObject({ status: 'paired', chosen: { choice: 'adopt', records: 501 } });
  expect(report.notes?.join('\n')).toContain('501 webhooks were left');
  expect(await server.stop()).toBe(0);
}

async function loseDatabaseAndRebuild(
  server: RunningServer,
  stores: Stores,
  before: Awaited<ReturnType<typeof readStoredState>>,
): Promise<void> {
  await dropDatabase(server.dataDirectory, stores);
  await configure(server, 'rebuild');
  await server.start();
  await settled(server.url);
  expect(await classifications(server)).toBe(0);
  const report = await consistency(server);
  expect(report).toMatchObject({ database_records: 502, pairing: { status: 'paired' } });
  expect(report.pairing.chosen).toMatchObject({ choice: 'rebuild', records: 502 });
  const first = await fetch(`${server.url}/api/issues/${repository.full_name}/1`);
  expect(await first.json()).toMatchObject({ classification: { category: 'question', source: 'person' } });
  const after = await stoppedState(server, stores);
  const kept = after.issues.filter(({ number }) => number <= issues);
  expect(new Set(kept)).toEqual(new Set(before.issues));
  expect(after.events).toHaveLength(502);
  const published = after.feed.map(({ key, record }) => `${key}@${record.version}`);
  expect(new Set(published).size, 'no version is published twice').toBe(published.length);
}

/** Not ready, with the reason in `/health`. */
async function expectHalted(server: RunningServer): Promise<void> {
  const starting = server.start().catch((error: unknown) => error);
  const reason = async () => {
    const health = Health.parse(await (await fetch(`${server.url}/health`)).json());
    return health.services.classifier?.reason ?? '';
  };
  await until(async () => (await reason()).includes('DISPATCHAI_ON_MISMATCH'), {
    what: 'intake waits for a choice',
    withinMs: 60_000,
  });
  expect(await reason()).toMatch(/ON_MISMATCH=rebuild .*ON_MISMATCH=adopt /);
  expect(await numbers(server)).toEqual([]);
  expect((await consistency(server)).pairing).toMatchObject({ status: 'mismatch' });
  await server.stop();
  expect(await starting).toBeInstanceOf(Error);
}

async function stoppedState(server: RunningServer, stores: Stores) {
  expect(await server.stop()).toBe(0);
  return await readStoredState(server.dataDirectory, stores);
}

/** What `.env` says, in the directory that the server runs in. */
async function configure(server: RunningServer, choice: 'rebuild' | 'adopt' | 'halt'): Promise<void> {
  const file = join(server.dataDirectory, '.env');
  await rm(file, { force: true });
  await writeFile(file, `DISPATCHAI_ON_MISMATCH=${choice}\n`);
}

async function opened(server: RunningServer, number: number, title: string): Promise<void> {
  expect(await postWebhook(server.webhookUrl, `new-${number}`, issuePayload({ number, title }))).toBe(202);
  await until(async () => (await numbers(server)).includes(number), {
    what: `issue ${number} is there`,
    withinMs: 30_000,
  });
}

async function correct(server: RunningServer, number: number): Promise<void> {
  const place = `${server.url}/api/issues/${repository.full_name}/${number}`;
  await until(async () => (await fetch(place)).ok, { what: `issue ${number} is there`, withinMs: 30_000 });
  const found = (await (await fetch(place)).json()) as { readonly issue: { readonly version: number } };
  const corrected = await fetch(`${place}/classification`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: found.issue.version, category: 'question' }),
  });
  expect(corrected.status).toBe(200);
}

async function numbers(server: RunningServer): Promise<readonly number[]> {
  const response = await fetch(`${server.url}/api/issues?limit=100`);
  const { issues: listed } = IssueList.parse(await response.json());
  return listed.map(({ number }) => number).sort((a, b) => a - b);
}

async function consistency(server: RunningServer): Promise<Consistency> {
  return Consistency.parse(await (await fetch(`${server.url}/health/consistency`)).json());
}

/** Contents answered since this server started, by whomever. */
async function classifications(server: RunningServer): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = text.matchAll(/^dispatchai_classifications_total(?:\{[^}]*\})? (\d+)/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}
