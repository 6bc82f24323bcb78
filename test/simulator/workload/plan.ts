import type { Random } from '../engine/random.ts';
import type { FaultName } from '../faults/faults.ts';
import { type GithubEvent, SimulatedGithub } from './simulated-github.ts';

/** Something that the run does at a simulated time. `id` names it when a failing run is made smaller. */
export type Step = { readonly id: number; readonly at: number } & (
  | {
      readonly kind: 'deliver';
      readonly deliveryId: string;
      readonly event: GithubEvent;
      /** Further attempts, whatever became of the first: GitHub's redelivery, or somebody's button. */
      readonly again: readonly number[];
    }
  | {
      readonly kind: 'import';
      readonly repository: { id: number; full_name: string };
      readonly json: string;
    }
  | { readonly kind: 'delete' | 'correct'; readonly repositoryId: number; readonly number: number }
  | { readonly kind: 'disturb'; readonly fault: FaultName }
);

type Planned = Step extends infer One ? (One extends Step ? Omit<One, 'id'> : never) : never;

export interface PlanOptions {
  readonly events: number;
  /** Faults of the world that this run has, with how many of each. */
  readonly disturbances: ReadonlyMap<FaultName, number>;
  /** Milliseconds since 1970 of the run's beginning. */
  readonly epoch: number;
}

/** How long a run's world is busy before it is left in peace. */
export const busyMs = 12_000;

/** Everything that a run does, drawn before it begins. */
export function planRun(random: Random, options: PlanOptions): readonly Step[] {
  const steps: Planned[] = [];
  const github = new SimulatedGithub(random.fork('github'));
  const times = Array.from({ length: options.events }, () => random.between(1_000, busyMs));
  // Many events share a second, and many come in a burst.
  const bursts = [1, 2, 3].map(() => random.between(1_000, busyMs));
  const acted = times
    .map((time) => (random.chance(0.7) ? random.pick(bursts) + random.below(1_200) : time))
    .sort((a, b) => a - b);
  const touched: GithubEvent[] = [];
  for (const [index, time] of acted.entries()) {
    for (const event of github.act(options.epoch + time)) {
      const deliveryId = `delivery-${index}-${event.action}`;
      // Most come at once, some late, and late ones overtake each other.
      const at = time + (random.chance(0.7) ? random.below(50) : random.below(4_000));
      const again = random.chance(0.2) ? [random.below(6_000)] : [];
      steps.push({ kind: 'deliver', at, deliveryId, event, again });
      touched.push(event);
    }
    const { repositoryId, number } = random.pick(touched);
    if (random.chance(0.05))
      steps.push({ kind: 'delete', at: time + random.below(3_000), repositoryId, number });
    if (random.chance(0.08))
      steps.push({ kind: 'correct', at: time + random.below(3_000), repositoryId, number });
    const snapshot = random.chance(0.06) ? github.snapshot() : null;
    if (snapshot) steps.push({ kind: 'import', at: time + random.below(2_000), ...snapshot });
  }
  for (const [fault, count] of options.disturbances) {
    for (let index = 0; index < count; index += 1) {
      steps.push({ kind: 'disturb', at: random.between(500, busyMs + 2_000), fault });
    }
  }
  return steps.map((step, id) => ({ ...step, id }));
}
