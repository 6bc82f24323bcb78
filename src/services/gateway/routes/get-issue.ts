import { type HistoryEntry, IssueDetail, IssueParams } from '../../../contracts/rest.ts';
import {
  readCorrections,
  readDeliveriesOf,
  type StoredCorrection,
  type StoredDelivery,
} from '../../../database/delivery-reads.ts';
import { findIssueKey, readIssue } from '../../../database/issue-reads.ts';
import { describeDeliveries } from '../../../operations/describe-deliveries.ts';
import type { App, GatewayContext } from '../gateway-context.ts';
import { problemResponse, sendProblem } from '../problem.ts';

const eventsShown = 200;

export function getIssue(app: App, { database: { queries } }: GatewayContext): void {
  app.get(
    '/api/issues/:owner/:repo/:number',
    {
      schema: {
        summary: 'One issue with everything known about it',
        description: 'A name that was used again means its newest repository id.',
        params: IssueParams,
        response: { 200: IssueDetail, 400: problemResponse, 404: problemResponse },
      },
    },
    async (request, reply) => {
      const { owner, repo, number } = request.params;
      const key = await findIssueKey(queries, { repository: `${owner}/${repo}`, number });
      const issue = key && (await readIssue(queries, key));
      if (!key || !issue)
        return sendProblem(reply, 404, { detail: `There is no issue ${owner}/${repo}#${number}.` });
      const [deliveries, corrections, details] = await Promise.all([
        readDeliveriesOf(queries, key, eventsShown),
        readCorrections(queries, key),
        describeDeliveries(queries, key),
      ]);
      return reply.send({
        issue,
        classification: issue.classification,
        history: historyOf(deliveries, corrections, details),
        events: deliveries.map(({ actor: _, ...delivery }) => delivery),
      });
    },
  );
}

function historyOf(
  deliveries: readonly StoredDelivery[],
  corrections: readonly StoredCorrection[],
  details: ReadonlyMap<string, string>,
): HistoryEntry[] {
  const github = deliveries
    .filter(({ status }) => status === 'applied' || status === 'unchanged' || status === 'stale')
    .map(({ deliveryId, receivedAt, action, actor }) => ({
      at: receivedAt,
      kind: 'github' as const,
      action,
      by: actor,
      detail: details.get(deliveryId) ?? null,
    }));
  const people = corrections.map(({ field, value, correctedBy, correctedAt }) => ({
    at: correctedAt.toISOString(),
    kind: 'correction' as const,
    action: field,
    by: correctedBy,
    detail: value === null ? 'none' : Array.isArray(value) ? value.join(', ') : String(value),
  }));
  return [...github, ...people].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
