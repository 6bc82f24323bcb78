import { formatKey, type Origin } from '../../contracts/issue.ts';
import { Envelope } from '../../contracts/webhook-events.ts';
import { oneLine } from '../../github/one-line.ts';
import { type Refusal, refused } from './answer.ts';

/** Where a payload goes in the log, and its untouched bytes. */
export interface Placement {
  readonly kind: 'placed';
  readonly key: string;
  readonly value: Uint8Array;
  readonly action: string;
  /** `owner/name#number` */
  readonly issue: string;
  readonly origin: Origin;
}

interface Ignored {
  readonly kind: 'ignored';
  readonly because: 'pull-request';
  readonly detail: string;
}

/** Reads of a body only what places it in the log; the rest is judged where it is taken in. */
export function placePayload(body: Buffer, form: boolean): Placement | Ignored | Refusal {
  const value = form ? formPayload(body) : body;
  if (value === null) return refused('malformed', 'The form has no field "payload".');
  let json: unknown;
  try {
    json = JSON.parse(value.toString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused('malformed', `The payload is not JSON: ${why}`);
  }
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const path = first?.path.join('.') || 'The payload';
    return refused('malformed', `${path} is not as GitHub sends it: ${first?.message ?? 'invalid'}`);
  }
  const { action, issue, repository } = parsed.data;
  if (issue.pull_request != null) {
    return {
      kind: 'ignored',
      because: 'pull-request',
      detail: 'This is about a pull request; only issues are needed.',
    };
  }
  return {
    kind: 'placed',
    key: formatKey({ repositoryId: repository.id, number: issue.number }),
    value,
    action: oneLine(action),
    issue: oneLine(`${repository.full_name}#${issue.number}`),
    // GitHub numbers repositories from 1 on, so only the samples of a first start have ids below 0.
    origin: repository.id < 0 ? 'sample' : 'github',
  };
}

function formPayload(body: Buffer): Buffer | null {
  const payload = new URLSearchParams(body.toString()).get('payload');
  return payload === null ? null : Buffer.from(payload);
}
