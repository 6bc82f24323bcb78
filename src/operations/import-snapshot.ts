import { createHash } from 'node:crypto';
import { formatKey } from '../contracts/issue.ts';
import { type RawHeaders, topics } from '../contracts/topics.ts';
import type { IssuePayload } from '../contracts/webhook-events.ts';
import { oneLine } from '../github/one-line.ts';
import type { NewRecord } from '../log/event-log.ts';

/** The part of a repository that a snapshot carries. */
export interface SnapshotRepository {
  readonly id: number;
  readonly full_name: string;
}

export interface Snapshot {
  /** The issue as GitHub's API wrote it; it goes into the log untouched. */
  readonly json: Buffer;
  readonly issue: IssuePayload;
  readonly repository: SnapshotRepository;
  readonly correlationId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/**
 * The state of an issue as a record of `issues.raw`. Its delivery id follows from what is read of the state, so
 * importing the same state again is a redelivery, and changes nothing.
 */
export function snapshotRecord({ json, issue, repository, correlationId, receivedAt }: Snapshot): NewRecord {
  const key = formatKey({ repositoryId: repository.id, number: issue.number });
  const state = createHash('sha256').update(JSON.stringify([repository.full_name, issue]));
  const headers: RawHeaders = {
    'delivery-id': `snapshot:${key}:${state.digest('hex').slice(0, 32)}`,
    event: 'snapshot',
    action: 'snapshot',
    issue: oneLine(`${repository.full_name}#${issue.number}`),
    'correlation-id': correlationId,
    'received-at': String(receivedAt),
    origin: 'import',
  };
  const { id, full_name } = repository;
  const head = `{"action":"snapshot","repository":${JSON.stringify({ id, full_name })},"issue":`;
  const value = Buffer.concat([Buffer.from(head), json, Buffer.from('}')]);
  return { topic: topics.raw, key, value, headers, timestamp: receivedAt };
}
