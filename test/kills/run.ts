import { FeedRecorder } from '../feed/feed-recorder.ts';
import { settled } from '../promises.ts';
import { Random } from '../simulator/engine/random.ts';
import { until } from '../until.ts';
import { type Load, startLoad } from '../webhook-load.ts';
import { repository } from '../webhook-payload.ts';
import type { Installation } from './installation.ts';
import { type Kill, killInTurn } from './kill-in-turn.ts';

export interface RunOptions {
  readonly seed: string;
  readonly webhooks: number;
  readonly issues: number;
  readonly killsOfEach: number;
}

export interface Run {
  readonly load: Load;
  readonly kills: readonly Kill[];
  /** Numbers of issues that were deleted while webhooks about them went on coming. */
  readonly deleted: readonly number[];
  readonly seconds: number;
}

/** Pages at the feed: two that keep their place, beginning at different gateways, and one that never does. */
export function openPages(gateways: readonly string[]): readonly FeedRecorder[] {
  return [
    new FeedRecorder({ gateways, keepsCursor: true }),
    new FeedRecorder({ gateways: gateways.toReversed(), keepsCursor: true }),
    new FeedRecorder({ gateways, keepsCursor: false }),
  ];
}

/** Webhooks arrive while processes are killed, issues deleted and pages come and go; resolves once nothing waits. */
export async function killWhileWebhooksArrive(
  installation: Installation,
  pages: readonly FeedRecorder[],
  { seed, webhooks, issues, killsOfEach }: RunOptions,
): Promise<Run> {
  const random = new Random(seed);
  const [gateway = ''] = installation.gatewayUrls;
  const began = performance.now();
  const load = startLoad({
    urls: installation.webhookUrls,
    webhooks,
    issues,
    senders: 16,
    allowed: 0,
    name: 'kill',
    refused: 'send again',
  });
  const deletions: Promise<number>[] = [];
  const kills = await killInTurn(installation, load, {
    webhooks,
    killsOfEach,
    random,
    after: (kill) => {
      random.pick(pages).leave();
      deletions.push(deleteIssue(gateway, kill));
    },
  });
  await load.done;
  const deleted = await Promise.all(deletions);
  await settled(gateway);
  return { load, kills, deleted, seconds: (performance.now() - began) / 1000 };
}

/** As a person does it on the page: again, until the gateway is there and knows the issue. */
async function deleteIssue(gateway: string, number: number): Promise<number> {
  const place = `${gateway}/api/issues/${repository.full_name}/${number}`;
  await until(async () => (await fetch(place)).status === 200, {
    what: `issue ${number} is there`,
    withinMs: 120_000,
  });
  await until(
    async () => {
      const { status } = await fetch(place, { method: 'DELETE' });
      // Gone: an earlier call whose answer was lost has done it.
      return status === 200 || status === 404;
    },
    { what: `issue ${number} is deleted`, withinMs: 120_000 },
  );
  return number;
}
