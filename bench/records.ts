import { topics } from '../src/contracts/topics.ts';
import type { EventLog, NewRecord } from '../src/log/event-log.ts';
import { benchPayload, benchRepositoryId } from './payloads.ts';

/** The n-th webhook as ingress would append it. */
export function benchRecord(n: number): NewRecord {
  const now = Date.now();
  return {
    topic: topics.raw,
    key: `${benchRepositoryId}#${n}`,
    value: benchPayload(n, now),
    headers: {
      'delivery-id': `bench-${n}`,
      event: 'issues',
      action: 'opened',
      issue: `octo/harbor#${n}`,
      'correlation-id': `bench-${n}`,
      'received-at': String(now),
      origin: 'github',
    },
  };
}

/** Fills the log with `count` webhooks from the n-th on. */
export async function preload(log: EventLog, first: number, count: number): Promise<void> {
  for (let n = first; n < first + count; n += 200) {
    const size = Math.min(200, first + count - n);
    await log.append(Array.from({ length: size }, (_, index) => benchRecord(n + index)));
  }
}
