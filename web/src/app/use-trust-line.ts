import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { RequestError } from '../api/client.ts';
import { consistencyQuery, statsQuery } from '../api/queries.ts';
import { isDegraded, type TrustLine, trustLine } from '../feed/trust-line.ts';
import { useFeedState, usePage, useQueue } from './page-context.ts';
import { clockTime } from './relative-time.ts';

/** How the data stands, from the feed and from a report each 15 s that is the page's heartbeat too. */
export function useTrustLine(): TrustLine {
  const { live } = usePage();
  const feed = useFeedState();
  const { arrangement, failure } = useQueue();
  const consistency = useQuery(consistencyQuery);
  const stats = useQuery({ ...statsQuery, refetchInterval: 30_000 });
  const { refetch } = consistency;

  useEffect(() => {
    if (consistency.error instanceof RequestError && consistency.error.failure.kind === 'unreachable') {
      live.feed.lose();
    }
  }, [consistency.error, live]);
  useEffect(() => {
    if (consistency.data) live.feed.measured(consistency.data.kafka_consumer_lag);
  }, [consistency.data, live]);
  useEffect(() => {
    // The feed says that something changed; the report says what.
    if (feed.status !== null) void refetch();
  }, [feed.status, refetch]);

  const degraded = isDegraded(feed, consistency.data ?? null);
  const since = useRef<number | null>(null);
  if (!degraded) since.current = null;
  else since.current ??= Date.now();
  const refused =
    failure?.kind === 'problem'
      ? failure.problem.status
      : (statusOf(stats.error) ?? statusOf(consistency.error));
  return trustLine(
    {
      feed,
      consistency: consistency.data ?? null,
      degradedSince: since.current,
      hasRows: arrangement.shown.length > 0,
      signedOut: refused === 401,
    },
    clockTime,
  );
}

const statusOf = (error: Error | null): number | null =>
  error instanceof RequestError && error.failure.kind === 'problem' ? error.failure.problem.status : null;
