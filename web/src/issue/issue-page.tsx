import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { IssueDetail } from '../../../src/contracts/rest.ts';
import { RequestError } from '../api/client.ts';
import { detailQuery } from '../api/queries.ts';
import { usePage, useQueue } from '../app/page-context.ts';
import { newestDetail } from './correction.ts';
import { IssueBody } from './issue-body.tsx';
import { IssueEvents } from './issue-events.tsx';
import { IssueFacts } from './issue-facts.tsx';
import { IssueHeader } from './issue-header.tsx';
import { IssueHistory } from './issue-history.tsx';
import { IssueMissing } from './issue-missing.tsx';
import { keyOf } from './issue-name.ts';
import { oneLine } from './one-line.ts';
import { Why } from './why.tsx';
import './issue-page.css';

/** Everything known about one issue. What the list knows is shown at once, the rest when it comes. */
export function IssuePage() {
  const { live, interaction } = usePage();
  const params = useParams({ strict: false });
  const repository = `${params.owner}/${params.repo}`;
  const number = Number(params.number);
  const query = useQuery(detailQuery(repository, number));
  useQueue();
  const known = live.queue.book.find(repository, number);
  const { data } = query;
  const detail = data ? newestDetail(data, known) : known ? summaryOnly(known) : null;
  const key = detail ? keyOf(detail.issue) : null;

  useEffect(() => {
    if (!data) return;
    const { body: _, ...summary } = data.issue;
    live.queue.put(summary);
  }, [data, live]);
  useEffect(() => {
    if (key !== null) interaction.set({ selected: key });
  }, [key, interaction]);

  if (key !== null && live.queue.book.isDeleted(key)) return <IssueMissing error={null} />;
  if (!detail)
    return query.error ? <IssueMissing error={query.error} /> : <div className="issue" aria-busy="true" />;
  if (query.error instanceof RequestError && query.error.failure.kind === 'problem') {
    return <IssueMissing error={query.error} />;
  }
  return (
    <article className="issue" aria-label={oneLine(detail.issue.title)} data-scrolls="" key={key}>
      <IssueHeader issue={detail.issue} />
      <div className="issue-content">
        <Why issue={detail.issue} classification={detail.classification} />
        {query.error && !data ? (
          <p className="issue-quiet">Its text is not here: {query.error.message}</p>
        ) : (
          <IssueBody body={data ? detail.issue.body : undefined} />
        )}
        <IssueFacts issue={detail.issue} />
        {data ? <IssueHistory history={data.history} /> : null}
        {data ? <IssueEvents events={data.events} /> : null}
      </div>
    </article>
  );
}

const summaryOnly = (known: Omit<IssueDetail['issue'], 'body'>): IssueDetail => ({
  issue: { ...known, body: null },
  classification: known.classification,
  history: [],
  events: [],
});
