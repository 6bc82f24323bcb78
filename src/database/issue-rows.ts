import { sql } from 'kysely';
import type { Answer, Correction } from '../contracts/classification.ts';
import type { Origin } from '../contracts/issue.ts';
import type { Issue } from '../contracts/rest.ts';
import { showClassification } from '../domain/show-classification.ts';
import { stateOfRow } from './issue-state.ts';

/** An issue with its current answer and what people set, as `issueColumns` selects it. */
export type IssueRow = Parameters<typeof stateOfRow>[0] & {
  readonly origin: Origin;
  readonly version: number;
  readonly answer: Answer | null;
  readonly source: 'local' | 'model' | null;
  readonly classifier: string | null;
  readonly degraded: string | null;
  readonly corrections: Correction | null;
};

/** Of `issues i left join classifications c`. Lists leave the body out: it is most of the bytes. */
export const issueColumns = (body: 'with-body' | 'without-body') => sql`
  i.repository_id, i.number, i.repository, i.title, ${body === 'with-body' ? sql`i.body` : sql`null as body`},
  i.state, i.state_reason, i.author, i.author_association, i.labels, i.assignees, i.milestone, i.issue_type,
  i.locked, i.lock_reason, i.pinned, i.comments, i.url, i.created_at, i.updated_at, i.closed_at, i.origin,
  i.version, c.answer, c.source, c.classifier, c.degraded,
  (select json_object_agg(x.field, x.value) from corrections x
    where x.repository_id = i.repository_id and x.number = i.number) as corrections`;

export function issueOfRow(row: IssueRow): Issue {
  const { answer, source, classifier, degraded } = row;
  return {
    ...stateOfRow(row),
    repositoryId: row.repository_id,
    number: row.number,
    origin: row.origin,
    version: row.version,
    classification:
      answer !== null && source !== null && classifier !== null
        ? showClassification({ answer, source, classifier, degraded }, row.corrections ?? {})
        : null,
  };
}
