import { describe, expect, it } from 'vitest';
import { postWebhook, RunningServer } from './running-server.ts';
import { readStoredState } from './stored-state.ts';
import { issuePayload } from './webhook-payload.ts';

const webhooks = 2000;
const issues = 400;
const kills = 3;

/** The n-th webhook: each issue is opened once and then edited, a second later each time. */
function webhook(n: number) {
  const number = (n % issues) + 1;
  const edit = Math.floor(n / issues);
  return issuePayload({
    number,
    title: `Issue ${number}, edit ${edit}`,
    action: edit === 0 ? 'opened' : 'edited',
    updatedAt: `2026-03-01T12:00:0${edit}Z`,
  });
}

describe('kill -9 in the middle of 2,000 webhooks', () => {
  it('loses nothing that was accepted, and counts nothing twice', { timeout: 240_000 }, async () => {
    const server = await RunningServer.create();
    try {
      await server.start();
      const accepted = new Set<string>();
      let next = 0;
      for (let round = 0; round <= kills; round += 1) {
        const until = Math.floor((webhooks * (round + 1)) / (kills + 1));
        const workers = Array.from({ length: 16 }, async () => {
          while (next < until) {
            const n = next;
            next += 1;
            const status = await postWebhook(server.webhookUrl, `kill-${n}`, webhook(n));
            if (status === 202) accepted.add(`kill-${n}`);
            // Nobody answers any more: GitHub would list it as failed.
            else if (status === null) return;
            else throw new Error(`webhook ${n} was answered ${status}`);
          }
        });
        if (round < kills) {
          // In the middle of the round, wherever the server happens to be in its work.
          await expect
            .poll(() => next, { interval: 1, timeout: 60_000 })
            .toBeGreaterThan(until - 200 + round * 50);
          await server.kill();
        }
        await Promise.all(workers);
        if (round < kills) await server.start();
      }
      await expect
        .poll(
          async () => {
            const consistency = (await (await fetch(`${server.url}/health/consistency`)).json()) as {
              kafka_consumer_lag: number;
              outbox: number;
            };
            return consistency.kafka_consumer_lag + consistency.outbox;
          },
          { interval: 50, timeout: 60_000 },
        )
        .toBe(0);
      expect(await server.stop()).toBe(0);

      const stored = await readStoredState(server.dataDirectory);
      const deliveries = stored.events.map((event) => event.delivery_id);
      expect(new Set(deliveries).size).toBe(deliveries.length);
      expect([...accepted].filter((id) => !deliveries.includes(id))).toEqual([]);
      expect(stored.events.filter((event) => event.status === 'failed')).toEqual([]);

      const published = stored.feed.map(({ key, record }) => `${key}@${record.version}`);
      expect(published.filter((each, index) => published.indexOf(each) !== index)).toEqual([]);
      const last = new Map(stored.feed.map(({ key, record }) => [key, record.version]));
      const current = new Map(
        stored.issues.map((each) => [`${each.repository_id}#${each.number}`, each.version]),
      );
      expect(last).toEqual(current);
    } finally {
      await server.remove();
    }
  });
});
