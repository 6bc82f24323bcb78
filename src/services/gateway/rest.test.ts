import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Issue, IssueList, Problem } from '../../contracts/rest.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues, type TestIssue } from '../../database/stored-issues.fixture.ts';
import { openGateway } from './gateway.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const second = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
const numbers = ({ issues }: IssueList) => issues.map(({ number }) => number);

test('pages give every issue once, newest activity first, whatever the page size and however many share a second', async () => {
  await using gateway = await openGateway(scratch);
  const issues: TestIssue[] = Array.from({ length: 61 }, (_, index) => ({
    repositoryId: [-3, 5, 900_000_000][index % 3] as number,
    number: index + 1,
    updatedAt: second(Math.floor(index / 7)),
    category: index % 4 === 0 ? 'feature' : 'bug',
  }));
  await storeIssues(scratch.database, issues);
  const order = (a: TestIssue, b: TestIssue) =>
    (b.updatedAt ?? '').localeCompare(a.updatedAt ?? '') ||
    (b.repositoryId ?? 1) - (a.repositoryId ?? 1) ||
    b.number - a.number;
  const pages = async (limit: number, filter: string) => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: IssueList = await gateway.list(
        `?limit=${limit}${filter}${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(page.issues.length).toBeLessThanOrEqual(limit);
      seen.push(...numbers(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.boolean(), async (limit, filtered) => {
      const expected = issues.filter((issue) => !filtered || issue.category === 'feature').sort(order);
      expect(await pages(limit, filtered ? '&category=feature' : '')).toEqual(
        expected.map(({ number }) => number),
      );
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('filters narrow the list, alone and together', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [
    { number: 1, category: 'bug', priority: 'high' },
    { number: 2, category: 'bug', priority: 'low', state: 'closed' },
    { number: 3, category: 'feature', priority: 'high', repository: 'acme/other', repositoryId: 2 },
  ]);
  expect(numbers(await gateway.list('?category=bug')).sort()).toEqual([1, 2]);
  expect(numbers(await gateway.list('?category=bug&state=open'))).toEqual([1]);
  expect(numbers(await gateway.list('?priority=high&repository=acme/other'))).toEqual([3]);
  expect(numbers(await gateway.list('?source=person'))).toEqual([]);
  expect(numbers(await gateway.list('?source=local'))).toHaveLength(3);
});

test('text is searched as text: no character is a wildcard, and none breaks the query', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [
    { number: 1, title: 'Grows by 100% a day', body: 'It_is so' },
    { number: 2, title: 'Grows by 1000 a day', body: 'Itxis so' },
    { number: 12, title: 'back\\slash', body: 'ÜBERLAUF' },
    { number: 120, title: 'Nothing', body: null },
  ]);
  const search = async (q: string) => numbers(await gateway.list(`?q=${encodeURIComponent(q)}`)).sort();
  expect(await search('100%')).toEqual([1]);
  expect(await search('it_is')).toEqual([1]);
  expect(await search('GROWS day')).toEqual([1, 2]);
  expect(await search('back\\')).toEqual([12]);
  expect(await search('überlauf')).toEqual([12]);
  expect(await search('#12')).toEqual([12]);
  expect(await search('12')).toEqual([12]);
  for (const hostile of [
    "'; drop table issues; --",
    '\0',
    '\ud800',
    '%',
    '_',
    '\\',
    '#99999999999',
    "' or 1=1",
  ]) {
    expect(
      (await gateway.request(`/api/issues?q=${encodeURIComponent(hostile.toWellFormed())}`)).status,
    ).toBe(200);
  }
  expect(await search('%')).toEqual([1]);
});

test('what a client sends wrongly is named in a problem', async () => {
  await using gateway = await openGateway(scratch);
  const response = await gateway.request('/api/issues?limit=0&category=nonsense');
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  expect(problem.errors?.map(({ path }) => path).sort()).toEqual([
    'querystring/category',
    'querystring/limit',
  ]);
  expect((await gateway.request('/api/issues?cursor=nonsense')).status).toBe(400);
  expect((await gateway.request('/api/nonsense', { headers: { accept: 'text/html' } })).status).toBe(404);
  const xml = { method: 'PATCH', body: '<a/>', headers: { 'content-type': 'text/xml' } };
  const unsupported = await gateway.request('/api/issues/acme/app/1/classification', xml);
  expect(unsupported.status).toBe(415);
  expect(unsupported.headers.get('content-type')).toContain('application/problem+json');
  const broken = { ...xml, body: '{', headers: { 'content-type': 'application/json' } };
  expect((await gateway.request('/api/issues/acme/app/1/classification', broken)).status).toBe(400);
});

test('an issue is answered with its classification, history and events; an unknown one with 404', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 5, category: 'question' }]);
  expect(await gateway.detail(5)).toMatchObject({
    issue: { repository: 'acme/app', number: 5, body: 'A body.' },
    classification: { category: 'question', source: 'local' },
    history: [],
    events: [],
  });
  expect(await gateway.detail(6)).toMatchObject({ status: 404, title: 'Not Found' });
  expect((await gateway.request('/api/issues/acme/app/99999999999')).status).toBe(400);
});

test('a name that was used again means its newest repository id', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [
    { repositoryId: 9, number: 1, title: 'of the newer one' },
    { repositoryId: 4, number: 1, title: 'of the older one', updatedAt: second(99) },
    { repositoryId: -1, number: 1, title: 'a sample', origin: 'sample' },
  ]);
  expect((await gateway.detail(1)).issue.title).toBe('of the newer one');
});

test('a correction wins field by field, a stale version is refused, and undo gives the answer back', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1, category: 'bug', priority: 'low' }]);
  const before = (await gateway.detail(1)).issue;
  const path = '/api/issues/acme/app/1/classification';
  const response = await gateway.send('PATCH', path, {
    version: before.version,
    category: 'feature',
    component: null,
  });
  expect(response.status).toBe(200);
  const corrected = (await response.json()) as Issue;
  expect(corrected.version).toBeGreaterThan(before.version);
  expect(corrected.classification).toMatchObject({
    category: 'feature',
    confidence: 1,
    priority: 'low',
    component: null,
    source: 'person',
    fields: {
      category: { source: 'person' },
      component: { source: 'person' },
      priority: { source: 'local' },
    },
  });
  expect(numbers(await gateway.list('?category=feature&source=person'))).toEqual([1]);

  const stale = await gateway.send('PATCH', path, { version: before.version, category: 'question' });
  expect(stale.status).toBe(409);
  expect(await stale.json()).toMatchObject({ status: 409, version: corrected.version });

  const same = await gateway.send('PATCH', path, { version: corrected.version, category: 'feature' });
  expect(((await same.json()) as Issue).version).toBe(corrected.version);

  const undo = await gateway.send('PATCH', path, {
    version: corrected.version,
    undo: ['category', 'component'],
  });
  expect(((await undo.json()) as Issue).classification).toMatchObject({ category: 'bug', source: 'local' });
  expect(numbers(await gateway.list('?category=bug&source=local'))).toEqual([1]);
  expect((await gateway.send('PATCH', path, { version: 1, category: 'nonsense' })).status).toBe(400);
  expect((await gateway.send('PATCH', path, { version: 1, colour: 'red' })).status).toBe(400);
  expect((await gateway.send('PATCH', '/api/issues/a/b/1/classification', { version: 1 })).status).toBe(404);
});

test('a deleted issue is gone from list and detail, and named on the first page for 15 minutes', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1 }, { number: 2 }]);
  const response = await gateway.send('DELETE', '/api/issues/acme/app/1');
  const deleted = await response.json();
  expect(deleted).toMatchObject({ repositoryId: 1, repository: 'acme/app', number: 1 });
  const first = await gateway.list('?limit=1');
  expect(numbers(first)).toEqual([2]);
  expect(first.deleted).toEqual([deleted]);
  expect((await gateway.request('/api/issues/acme/app/1')).status).toBe(404);
  expect((await gateway.send('DELETE', '/api/issues/acme/app/1')).status).toBe(404);
  const audit = await scratch.database.queries.selectFrom('audit').selectAll().execute();
  expect(audit).toMatchObject([{ action: 'issue deleted', details: { key: '1#1', existed: true } }]);
  gateway.clock.shift = 15 * 60_000 + 1_000;
  expect((await gateway.list()).deleted).toEqual([]);
});

test('samples go with one call, through the ledger, and nothing else goes', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [
    { number: 1 },
    ...Array.from({ length: 40 }, (_, n) => ({ repositoryId: -1, number: n + 1, origin: 'sample' as const })),
  ]);
  expect(await (await gateway.send('POST', '/api/samples/remove')).json()).toEqual({ removed: 40 });
  const list = await gateway.list();
  expect(numbers(list)).toEqual([1]);
  expect(list.deleted).toHaveLength(40);
  const reasons = await scratch.database.queries
    .selectFrom('deletions')
    .select('reason')
    .distinct()
    .execute();
  expect(reasons).toEqual([{ reason: 'sample' }]);
});

test('counts, repositories, deliveries, setup and metrics answer', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [
    { number: 1, confidence: 0.4 },
    { number: 2, state: 'closed', confidence: 0.4 },
    { number: 3, repositoryId: -1, repository: 'sample/app', origin: 'sample', category: 'question' },
  ]);
  expect(await gateway.json('/api/stats')).toMatchObject({
    total: 3,
    open: 2,
    closed: 1,
    samples: 1,
    corrected: 0,
    unsure: 1,
    byCategory: [
      { value: 'bug', count: 2 },
      { value: 'question', count: 1 },
    ],
    byRepository: [
      { value: 'acme/app', count: 2 },
      { value: 'sample/app', count: 1 },
    ],
    byStatus: [],
  });
  expect(await gateway.json('/api/repositories')).toEqual({
    repositories: [
      { repository: 'acme/app', count: 2 },
      { repository: 'sample/app', count: 1 },
    ],
  });
  expect(await gateway.json('/api/deliveries?limit=5')).toEqual({ deliveries: [] });
  expect(await gateway.json('/api/setup')).toMatchObject({ secretSource: 'generated' });
  expect(await (await gateway.request('/metrics')).text()).toContain('# HELP up');
  const document = await gateway.json<{ paths: object }>('/docs/json');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/issues', '/api/issues/{owner}/{repo}/{number}/classification', '/health']),
  );
  expect((await gateway.request('/docs')).status).toBe(200);
});
