import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasChromium, openBrowser, watchRequests } from './browser.ts';
import { postWebhook } from './post-webhook.ts';
import { RunningServer } from './running-server.ts';
import type { Stores } from './stores.ts';
import { githubExamples, issuePayload, repository } from './webhook-payload.ts';

/** An issue on its way from GitHub to the browser, over the given stores, which are removed at the end. */
export function arrival(open: () => Promise<Stores>): void {
  let stores: Stores;
  let server: RunningServer;
  beforeAll(async () => {
    stores = await open();
    server = await RunningServer.create(stores.environment);
    await server.start();
  });
  afterAll(async () => {
    await server?.remove();
    await stores?.remove();
  });

  it.skipIf(!hasChromium && process.env.CI !== 'true')(
    'arrives on an open page without a reload and without asking for the list again',
    async () => {
      const browser = await openBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        const failures: string[] = [];
        page.on('pageerror', (error) => failures.push(String(error)));
        const list = watchRequests(page, '/api/issues?');
        await page.goto(server.url);
        await page.getByText('Live', { exact: false }).first().waitFor();
        // It subscribes before it asks for the list, and asks again where it had to ask before that.
        await list.quiet();
        let blocked = 0;
        await page.route('**/api/issues?**', (route) => {
          blocked += 1;
          return route.abort();
        });
        await page.route('**/api/issues', (route) => route.abort());
        let loads = 0;
        page.on('load', () => {
          loads += 1;
        });

        const payload = issuePayload({ number: 42, title: 'The lighthouse blinks in the wrong rhythm' });
        expect(await postWebhook(server.webhookUrl, 'arrival-1', payload)).toBe(202);
        await page
          .getByText('The lighthouse blinks in the wrong rhythm')
          .first()
          .waitFor({ timeout: 20_000 });
        expect({ loads, blocked, failures }).toEqual({ loads: 0, blocked: 0, failures: [] });
      } finally {
        await browser.close();
      }
    },
  );

  it('is taken from every example payload of GitHub, and each is answered 2xx', async () => {
    for (const name of ['issues', 'issue_comment', 'ping', 'push']) {
      const answers = await Promise.all(
        githubExamples(name).map((example, index) =>
          postWebhook(server.webhookUrl, `${name}-${index}`, Buffer.from(JSON.stringify(example)), name),
        ),
      );
      expect(new Set(answers.map((status) => status !== null && status >= 200 && status < 300))).toEqual(
        new Set([true]),
      );
    }
  });

  it('is corrected by a person, whom nothing overrules', async () => {
    const place = `${server.url}/api/issues/${repository.full_name}/77`;
    await postWebhook(
      server.webhookUrl,
      'person-1',
      issuePayload({ number: 77, title: 'Crash when the tide comes in' }),
    );
    const read = async () =>
      (await fetch(place)).json() as Promise<{ issue: { version: number; title: string } }>;
    await expect.poll(async () => (await fetch(place)).status, { timeout: 20_000 }).toBe(200);
    const { issue } = await read();
    const correct = (version: number) =>
      fetch(`${place}/classification`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ version, category: 'question' }),
      });
    expect((await correct(issue.version)).status).toBe(200);
    expect((await correct(issue.version)).status).toBe(409);
    const edited = issuePayload({
      number: 77,
      title: 'Crash when the tide goes out',
      action: 'edited',
      updatedAt: '2026-03-01T13:00:00Z',
    });
    await postWebhook(server.webhookUrl, 'person-2', edited);
    await expect
      .poll(async () => (await read()).issue.title, { timeout: 20_000 })
      .toBe('Crash when the tide goes out');
    expect(await read()).toMatchObject({ classification: { category: 'question', source: 'person' } });
  });

  it('never comes back once it was deleted', async () => {
    const place = `${server.url}/api/issues/${repository.full_name}/78`;
    const payload = issuePayload({ number: 78, title: 'Gulls on the roof' });
    await postWebhook(server.webhookUrl, 'gone-1', payload);
    await expect.poll(async () => (await fetch(place)).status, { timeout: 20_000 }).toBe(200);
    expect((await fetch(place, { method: 'DELETE' })).ok).toBe(true);
    await postWebhook(server.webhookUrl, 'gone-2', payload);
    await postWebhook(server.webhookUrl, 'gone-3', issuePayload({ number: 79, title: 'Behind it' }));
    const behind = `${server.url}/api/issues/${repository.full_name}/79`;
    await expect.poll(async () => (await fetch(behind)).status, { timeout: 20_000 }).toBe(200);
    expect((await fetch(place)).status).toBe(404);
  });
}
