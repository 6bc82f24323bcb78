import { createHash } from 'node:crypto';

/** Names a content: SHA-256 (hex) over title, NUL, body. Re-triage follows it, not the action of an event. */
export function contentHash(title: string, body: string): string {
  return createHash('sha256').update(title).update('\0').update(body).digest('hex');
}
