import { Deleted, IssueParams } from '../../../contracts/rest.ts';
import { findIssueKey } from '../../../database/issue-reads.ts';
import { deleteIssue } from '../../../operations/delete-issue.ts';
import type { App, GatewayContext } from '../gateway-context.ts';
import { problemResponse, sendProblem } from '../problem.ts';

export function removeIssue(app: App, { database, effects }: GatewayContext): void {
  app.delete(
    '/api/issues/:owner/:repo/:number',
    {
      schema: {
        summary: 'Deletes an issue through the ledger',
        description:
          'Events older than this are refused from now on; a genuinely newer one may bring the issue back.',
        params: IssueParams,
        response: { 200: Deleted, 400: problemResponse, 404: problemResponse },
      },
    },
    async (request, reply) => {
      const { owner, repo, number } = request.params;
      const repository = `${owner}/${repo}`;
      const key = await findIssueKey(database.queries, { repository, number });
      // Without an issue here the name says no repository id, and the ledger has only ids.
      if (!key) return sendProblem(reply, 404, { detail: `There is no issue ${repository}#${number}.` });
      const deleted = await deleteIssue(
        { database, clock: effects.clock },
        { key, repository, by: 'a person' },
      );
      return reply.send({ ...key, repository: deleted.repository, version: deleted.version });
    },
  );
}
