import { IssueList, ListIssuesQuery } from '../../../contracts/rest.ts';
import { readIssuePage } from '../../../database/issue-list.ts';
import { readDeletedSince } from '../../../database/issue-reads.ts';
import { decodePageCursor, encodePageCursor } from '../../../domain/page-cursor.ts';
import type { App, GatewayContext } from '../gateway-context.ts';
import { problemResponse, sendProblem } from '../problem.ts';

/** As long as a gateway keeps the feed: a message older than this cannot arrive late. */
const deletedForMs = 15 * 60_000;
const deletedLimit = 1_000;

export function listIssues(app: App, { database, effects }: GatewayContext): void {
  app.get(
    '/api/issues',
    {
      schema: {
        summary: 'Issues, newest activity first',
        querystring: ListIssuesQuery,
        response: { 200: IssueList, 400: problemResponse },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...filters } = request.query;
      const after = cursor === undefined ? null : decodePageCursor(cursor);
      if (cursor !== undefined && after === null) {
        return sendProblem(reply, 400, { detail: 'The cursor is none that a list gave out.' });
      }
      const page = await readIssuePage(database.queries, filters, limit, after);
      const since = new Date(effects.clock.now() - deletedForMs);
      // Read after the issues: what is deleted in between is then in both, and the reader drops it.
      const deleted = after === null ? await readDeletedSince(database.queries, since, deletedLimit) : [];
      return reply.send({
        issues: [...page.issues],
        deleted: [...deleted],
        nextCursor: page.next && encodePageCursor(page.next),
      });
    },
  );
}
