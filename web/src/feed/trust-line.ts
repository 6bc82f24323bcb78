import type { Consistency } from '../../../src/contracts/health.ts';
import type { FeedState } from './feed-connection.ts';

export interface TrustLine {
  readonly tone: 'live' | 'degraded' | 'lost' | 'waiting';
  readonly text: string;
}

export interface Standing {
  readonly feed: FeedState;
  readonly consistency: Pick<Consistency, 'status' | 'reasons' | 'kafka_consumer_lag'> | null;
  /** When the page first saw the present trouble, milliseconds since 1970; null while there is none. */
  readonly degradedSince: number | null;
  /** Whether there is anything on screen that could be stale. */
  readonly hasRows: boolean;
  readonly signedOut: boolean;
}

/** One line on how the data stands. `clock` writes a moment as people read it. */
export function trustLine(standing: Standing, clock: (at: number) => string): TrustLine {
  const { feed, consistency, degradedSince } = standing;
  if (standing.signedOut) return { tone: 'lost', text: 'Signed out, not live' };
  if (feed.phase === 'connecting') return { tone: 'waiting', text: 'Connecting' };
  if (feed.phase === 'lost') {
    const known = standing.hasRows ? ', showing what was known' : '';
    return { tone: 'lost', text: `Not connected since ${clock(feed.since)}${known}` };
  }
  if (degradedSince !== null) {
    const reason = consistency?.reasons[0] ?? 'the server gives no reason';
    return { tone: 'degraded', text: `Degraded since ${clock(degradedSince)}: ${reason}` };
  }
  return { tone: 'live', text: `Live, ${feed.behind.toLocaleString('en')} behind` };
}

/** Whether something is wrong, by the feed's last status or the last consistency report. */
export function isDegraded(feed: FeedState, consistency: Pick<Consistency, 'status'> | null): boolean {
  return consistency?.status === 'degraded' || (feed.status !== null && !fine.has(feed.status));
}

const fine = new Set(['healthy', 'ready', 'live', 'ok']);
