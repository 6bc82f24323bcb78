import { startClassifier } from '../src/services/classifier/start-classifier.ts';
import type { Service } from '../src/services/service.ts';
import { gateMemberships } from './drain/gated-membership.ts';
import { type StageRun, Stages } from './drain/stages.ts';
import { openServedInstallation, type ServedPlace } from './installation.ts';
import { quietEffects } from './quiet-effects.ts';

/**
 * One of several classifiers on the same group, which does as it is told over its channel: joins the group without
 * claiming anything, begins, leaves; or runs a stage alone. Argument: a `Membership` as JSON.
 */
export type Order =
  | { readonly kind: 'join' | 'begin' | 'leave' }
  | { readonly kind: 'stage'; readonly stage: StageRun };

export interface Done {
  /** Of a stage; null of everything else. */
  readonly measured: { readonly issues: number; readonly ms: number } | null;
}

/** Where its stores are, and what it is a member of. */
export interface Membership extends ServedPlace {
  readonly group: string;
}

const { group, ...place } = JSON.parse(process.argv[2] ?? '') as Membership;
const installation = await openServedInstallation(place);
const { log, database, classifier } = installation;
const stages = new Stages(installation);
let gate = Promise.withResolvers<void>();
gateMemberships(log, () => gate.promise);
let service: Service | null = null;

async function obey(order: Order): Promise<Done> {
  if (order.kind === 'stage') return { measured: await stages.measure(order.stage) };
  if (order.kind === 'join') {
    gate = Promise.withResolvers();
    service = await startClassifier({ database, log, classifier, effects: quietEffects, group });
  }
  if (order.kind === 'begin') gate.resolve();
  if (order.kind === 'leave') await service?.stop();
  return { measured: null };
}

async function stop(): Promise<void> {
  await installation.close();
  process.exit(0);
}
process.on('message', (order: Order) => {
  void obey(order).then((done) => process.send?.(done));
});
process.once('SIGTERM', stop);
process.once('disconnect', stop);
console.log('ready');
