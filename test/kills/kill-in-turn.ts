import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../simulator/engine/random.ts';
import { until } from '../until.ts';
import type { Load } from '../webhook-load.ts';
import type { Comeback, Installation } from './installation.ts';

export interface KillsInTurn {
  readonly webhooks: number;
  readonly killsOfEach: number;
  readonly random: Random;
  /** Called after each kill, beginning with 1. */
  readonly after: (kill: number) => void;
}

export interface Kill {
  readonly kind: string;
  readonly readyMs: number;
  readonly takeoverMs: number | null;
}

/** What was accepted is worked off within about this time: a kill may come at any moment of it. */
const workMs = 250;

/**
 * Kills a process of every kind in turn, in a new order each round, and every time at a random moment: after a random
 * part of the webhooks that belong to this kill was accepted, and a random time later. It does not wait for the one
 * killed before, so several may be down at once; it does wait for whoever was killed last of the same kind, and for
 * who takes over from it, since otherwise nothing would be at work that could be hit.
 */
export async function killInTurn(
  installation: Installation,
  load: Load,
  { webhooks, killsOfEach, random, after }: KillsInTurn,
): Promise<readonly Kill[]> {
  const { kinds } = installation;
  const each = Math.floor(webhooks / (kinds.length * killsOfEach + 1));
  const kills: Promise<Kill>[] = [];
  const back = new Map<string, Promise<unknown>>();
  for (let round = 0; round < killsOfEach; round += 1) {
    for (const kind of shuffle(kinds, random)) {
      await back.get(kind);
      const before = kills.length * each;
      const at = before + random.below(each);
      load.allow(before + each);
      await until(() => load.accepted.size >= at, { what: `${at} webhooks accepted`, withinMs: 120_000 });
      await delay(random.below(workMs));
      const comeback = await installation.kill(kind, random);
      back.set(kind, Promise.all([comeback.ready, kind === 'scheduler' ? null : comeback.takenOver]));
      kills.push(toKill(kind, comeback));
      after(kills.length);
    }
  }
  load.allow(webhooks);
  return Promise.all(kills);
}

async function toKill(kind: string, { ready, takenOver }: Comeback): Promise<Kill> {
  const [readyMs, takeoverMs] = await Promise.all([ready, takenOver]);
  return { kind, readyMs, takeoverMs };
}

function shuffle<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.fraction() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
