import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRecording } from '../feed/check-recording.ts';
import type { FeedRecorder } from '../feed/feed-recorder.ts';
import { readLists } from '../feed/read-lists.ts';
import { shownAfter } from '../feed/recording.ts';
import { postWebhook } from '../post-webhook.ts';
import { expectKept, repeatedVersions, settled } from '../promises.ts';
import type { StoredState } from '../stored-state.ts';
import { until } from '../until.ts';
import { lastTitle, nthWebhook } from '../webhook-load.ts';
import { reportFigures, summariseKills } from './figures.ts';
import type { Installation } from './installation.ts';
import { killsOfEach, seed, webhooks } from './plan.ts';
import { killWhileWebhooksArrive, openPages, type Run } from './run.ts';

const plan = { seed, webhooks, issues: 400, killsOfEach };

/** Kills while webhooks arrive, then a replay; what is stored and what pages heard is looked at after each. */
export function killsAndReplay(stores: string, open: () => Promise<Installation>): void {
  let installation: Installation;
  let pages: readonly FeedRecorder[] = [];
  let run: Run;
  const states: StoredState[] = [];

  beforeAll(async () => {
    console.log(`KILLS_SEED=${seed}`);
    installation = await open();
    pages = openPages(installation.gatewayUrls);
    await until(() => pages.every(({ heard }) => heard.some(({ kind }) => kind === 'loaded')), {
      what: 'every page has loaded the list',
      withinMs: 60_000,
    });
  });
  afterAll(async () => {
    await Promise.all(pages.map((page) => page.stop()));
    await installation?.remove();
  });

  /** Once everything that is stored has reached every page. */
  async function look(): Promise<StoredState> {
    const [gateway = ''] = installation.gatewayUrls;
    await settled(gateway, 120_000);
    await until(async () => areComplete(pages, await readLists(gateway)), {
      what: 'every page shows what the list has',
      withinMs: 60_000,
    });
    const state = await installation.look();
    states.push(state);
    return state;
  }

  it('goes on with its work after every kill', { timeout: 120_000 + 30_000 * killsOfEach }, async () => {
    run = await killWhileWebhooksArrive(installation, pages, plan);
    for (const { kind, takeoverMs } of run.kills) {
      if (kind === 'classifier' || kind === 'relay') {
        expect(takeoverMs ?? 0, `${kind}: milliseconds until another one works`).toBeLessThan(10_000);
      }
    }
  });

  it('has every accepted webhook exactly once, and of every issue the newest state last', async () => {
    const state = await look();
    reportFigures({
      stores,
      seed,
      webhooks,
      accepted: run.load.accepted.size,
      stored: state.events.length,
      records: state.feed.length,
      repeatedVersions: repeatedVersions(state),
      pages: pages.length,
      connections: count(pages, 'connected'),
      messages: count(pages, 'issue') + count(pages, 'deleted'),
      seconds: Math.round(run.seconds),
      kills: summariseKills(run.kills),
    });
    expect(run.load.accepted.size).toBe(webhooks);
    expect(state.events).toHaveLength(webhooks);
    expectKept(state, { accepted: run.load.accepted });
    expectFolded(state);
  });

  it('tells every page only forward, and in the end what the database has', () => {
    expectHeard();
    expect(count(pages, 'connected')).toBeGreaterThan(killsOfEach);
  });

  it('reads everything again and writes its topic anew: nothing changes, nothing comes back', async () => {
    const before = states.at(-1);
    const resyncs = pages.map((page) => count([page], 'resync'));
    await installation.replay();
    const redelivered = run.deleted.map((number) =>
      postWebhook(installation.webhookUrls[0] ?? '', `again-${number}`, nthWebhook(number - 1, plan.issues)),
    );
    expect(new Set(await Promise.all(redelivered))).toEqual(new Set(run.deleted.length > 0 ? [202] : []));
    const told = () => pages.every((page, index) => count([page], 'resync') > (resyncs[index] ?? 0));
    await until(told, { what: 'every page is told to load again', withinMs: 60_000 });
    const after = await look();
    expect(new Set(after.issues)).toEqual(new Set(before?.issues));
    expect(after.feed, 'the topic has every key once').toHaveLength(plan.issues);
    expectKept(after, { accepted: run.load.accepted });
    expectHeard();
  });

  function expectHeard(): void {
    for (const { heard } of pages)
      expect(checkRecording(heard, states)).toEqual({ violations: [], repeated: 0 });
  }

  function expectFolded({ issues, events }: StoredState): void {
    const kept = Array.from({ length: plan.issues }, (_, index) => index + 1).filter(
      (number) => !run.deleted.includes(number),
    );
    const titles = new Map(issues.map(({ number, title }) => [number, title]));
    expect(titles).toEqual(new Map(kept.map((number) => [number, lastTitle(number, plan)])));
    expect(events.some(({ status }) => status === 'refused')).toBe(run.deleted.length > 0);
  }
}

function areComplete(pages: readonly FeedRecorder[], lists: Awaited<ReturnType<typeof readLists>>): boolean {
  return pages.every(({ heard }) => {
    const shown = shownAfter(heard);
    return (
      lists?.issues.length === shown.size &&
      lists.issues.every(({ number, version }) => shown.get(number)?.version === version)
    );
  });
}

function count(pages: readonly FeedRecorder[], kind: FeedRecorder['heard'][number]['kind']): number {
  return pages.reduce((sum, { heard }) => sum + heard.filter((each) => each.kind === kind).length, 0);
}
