import { CorrectionRequest, Issue, IssueParams } from '../../../contracts/rest.ts';
import { findIssueKey } from '../../../database/issue-reads.ts';
import { correctClassification } from '../../../operations/correct-classification.ts';
import type { App, GatewayContext } from '../gateway-context.ts';
import { problemResponse, sendProblem } from '../problem.ts';

export function correctIssue(app: App, { database, effects }: GatewayContext): void {
  app.patch(
    '/api/issues/:owner/:repo/:number/classification',
    {
      schema: {
        summary: "A person's correction, per field and final",
        params: IssueParams,
        body: CorrectionRequest,
        response: { 200: Issue, 400: problemResponse, 404: problemResponse, 409: problemResponse },
      },
    },
    async (request, reply) => {
      const { owner, repo, number } = request.params;
      const { version, undo = [], ...set } = request.body;
      const repository = `${owner}/${repo}`;
      const key = await findIssueKey(database.queries, { repository, number });
      const result = key
        ? await correctClassification(
            { database, clock: effects.clock },
            { key, version, set, undo, by: 'a person' },
          )
        : { outcome: 'not-found' as const };
      switch (result.outcome) {
        case 'corrected':
        case 'unchanged':
          return reply.send(result.issue);
        case 'version-conflict':
          return sendProblem(reply, 409, {
            detail: 'The issue has changed since that version.',
            version: result.version,
          });
        case 'not-found':
          return sendProblem(reply, 404, { detail: `There is no issue ${repository}#${number}.` });
      }
    },
  );
}
