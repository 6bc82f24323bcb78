import { priorities } from '../../../src/contracts/classification.ts';
import { formatKey } from '../../../src/contracts/issue.ts';
import { IssuePayload } from '../../../src/contracts/webhook-events.ts';
import { correctClassification } from '../../../src/operations/correct-classification.ts';
import { deleteIssue } from '../../../src/operations/delete-issue.ts';
import { snapshotRecord } from '../../../src/operations/import-snapshot.ts';
import { receiveWebhook } from '../../../src/services/ingress/receive-webhook.ts';
import type { Node, Role } from '../services/node.ts';
import { webhookRequest } from '../services/webhook-request.ts';
import type { World } from '../world.ts';
import type { Step } from './plan.ts';

type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

/** GitHub lists a delivery that was not answered as failed; somebody sends it again. */
const redeliverAfterMs = 4_000;

/** A process that would take a request now; a frozen one takes the connection and says nothing. */
function reach(world: World, role: Role): Node | null {
  const nodes = world.nodes(role);
  return nodes.length > 0 ? world.random.pick(nodes) : null;
}

export function deliver(world: World, step: StepOf<'deliver'>, attempt = 1): void {
  const { event, deliveryId } = step;
  const delivery = world.journal.deliveries.get(deliveryId) ?? {
    key: formatKey(event),
    headers: { event: event.event, action: event.action },
    value: Buffer.from(JSON.stringify(event.payload)),
    poison: event.poison,
    accepted: false,
  };
  world.journal.deliveries.set(deliveryId, delivery);
  const reception = reach(world, 'ingress')?.reception;
  if (reception) {
    receiveWebhook(reception, webhookRequest(event, deliveryId), () => undefined).then(
      (answer) => {
        if (answer.kind === 'accepted') delivery.accepted = true;
      },
      (error: unknown) => world.trace.note(`ingress failed: ${String(error)}`),
    );
  }
  if (attempt >= 3) return;
  world.scheduler.add({
    owner: 'github',
    name: `looks at ${deliveryId}`,
    due: world.scheduler.time + redeliverAfterMs,
    run: () => {
      if (delivery.accepted || world.random.chance(0.2)) return undefined;
      deliver(world, step, attempt + 1);
      return 'sends it again';
    },
  });
}

export function importSnapshot(world: World, step: StepOf<'import'>): void {
  const node = reach(world, 'ingress');
  if (!node) return;
  const json = Buffer.from(step.json);
  const record = snapshotRecord({
    json,
    issue: IssuePayload.parse(JSON.parse(step.json)),
    repository: step.repository,
    correlationId: 'import',
    receivedAt: world.now,
  });
  const delivery = {
    key: record.key,
    headers: { event: 'snapshot' as const, action: 'snapshot' },
    value: record.value ?? new Uint8Array(),
    poison: null,
    accepted: false,
  };
  const id = record.headers['delivery-id'] ?? '';
  const known = world.journal.deliveries.get(id) ?? delivery;
  world.journal.deliveries.set(id, known);
  node.log.append([record]).then(
    () => {
      known.accepted = true;
    },
    () => undefined,
  );
}

export function deleteByPerson(world: World, { repositoryId, number }: StepOf<'delete' | 'correct'>): void {
  const node = reach(world, 'gateway') ?? reach(world, 'ingress');
  if (!node) return;
  const key = { repositoryId, number };
  const deletion = {
    key: formatKey(key),
    from: world.now,
    to: null as number | null,
    version: null as number | null,
  };
  world.journal.deletions.push(deletion);
  const effects = { database: node.database, clock: node.process.clock };
  deleteIssue(effects, { key, repository: 'octo/unseen', by: 'lena' }).then(
    ({ version }) => {
      deletion.to = world.now;
      deletion.version = version;
    },
    () => undefined,
  );
}

export function correctByPerson(world: World, { repositoryId, number }: StepOf<'delete' | 'correct'>): void {
  const node = reach(world, 'gateway') ?? reach(world, 'ingress');
  if (!node) return;
  const { database, process } = node;
  const key = { repositoryId, number };
  const set = { priority: world.random.pick(priorities) };
  const correct = async () => {
    const seen = await database.queries
      .selectFrom('issues')
      .select('version')
      .where('repository_id', '=', repositoryId)
      .where('number', '=', number)
      .executeTakeFirst();
    if (!seen) return;
    const correction = { key: formatKey(key), set, version: null as number | null, refused: false };
    world.journal.corrections.push(correction);
    const request = { key, version: seen.version, set, undo: [], by: 'lena' };
    const outcome = await correctClassification({ database, clock: process.clock }, request);
    if (outcome.outcome === 'corrected' || outcome.outcome === 'unchanged')
      correction.version = outcome.issue.version;
    else correction.refused = true;
  };
  // A person who is told of an error does not know whether it happened.
  correct().catch((error: unknown) => world.trace.note(`a correction failed: ${String(error)}`));
}
