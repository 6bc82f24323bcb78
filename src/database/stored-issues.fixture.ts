import { sql } from 'kysely';
import type { Answer, Category, Priority } from '../contracts/classification.ts';
import { formatKey, type IssueKey, type Origin } from '../contracts/issue.ts';
import { topics } from '../contracts/topics.ts';
import type { Database } from './database.ts';
import { owe } from './outbox.ts';

const plain = <T>(value: T, confidence = 0.8) => ({
  value,
  confidence,
  reason: 'For this test.',
  evidence: [],
});

export const answerOf = (
  category: Category = 'bug',
  priority: Priority = 'medium',
  confidence = 0.8,
): Answer => ({
  category: plain(category, confidence),
  priority: plain(priority),
  severity: plain('minor'),
  component: plain(null),
  effort: plain('small'),
  sentiment: plain('neutral'),
  tags: plain([]),
  summary: plain('A summary.'),
});

export interface TestIssue {
  readonly repositoryId?: number;
  readonly number: number;
  readonly repository?: string;
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: 'open' | 'closed';
  readonly updatedAt?: string;
  readonly origin?: Origin;
  readonly category?: Category;
  readonly priority?: Priority;
  readonly confidence?: number;
  readonly version?: number;
}

export const keyOf = ({ repositoryId = 1, number }: TestIssue): IssueKey => ({ repositoryId, number });

/** Issues as intake leaves them: row, answer, and the key owed to `issues.enriched`, in one transaction. */
export async function storeIssues(database: Database, issues: readonly TestIssue[]): Promise<void> {
  const rows = issues.map((issue, index) => ({
    repository_id: issue.repositoryId ?? 1,
    number: issue.number,
    repository: issue.repository ?? 'acme/app',
    title: issue.title ?? `Issue ${issue.number}`,
    body: issue.body === undefined ? 'A body.' : issue.body,
    state: issue.state ?? 'open',
    updated_at: issue.updatedAt ?? '2026-01-01T00:00:00Z',
    origin: issue.origin ?? 'github',
    version: issue.version ?? 1_000_000 + index,
    answer: answerOf(issue.category, issue.priority, issue.confidence),
    category: issue.category ?? 'bug',
    priority: issue.priority ?? 'medium',
  }));
  const recordset = sql`json_to_recordset(${JSON.stringify(rows)}::json) as issue(
    repository_id bigint, number bigint, repository text, title text, body text, state text, updated_at timestamptz,
    origin text, version bigint, answer json, category text, priority text)`;
  await database.transaction(async (transaction) => {
    await sql`
      insert into issues (repository_id, number, repository, title, body, state, labels, assignees, locked, pinned,
                          comments, url, created_at, updated_at, origin, content_hash, guards, version)
      select repository_id, number, repository, title, body, state, '[]', '[]', false, false, 0,
             'https://github.example/' || number, updated_at, updated_at, origin, 'hash',
             '{"comments": [0, 0, 0], "pin": null}', version
        from ${recordset}
      on conflict (repository_id, number) do update set title = excluded.title, state = excluded.state,
             updated_at = excluded.updated_at, version = excluded.version`.execute(transaction);
    await sql`
      insert into classifications (repository_id, number, content_hash, source, classifier, cache_key, answer,
                                   category, confidence, priority, shown_source)
      select repository_id, number, 'hash', 'local', 'local@test', 'key', answer, category,
             (answer #>> '{category,confidence}')::real, priority, 'local'
        from ${recordset}
      on conflict do nothing`.execute(transaction);
    await owe(
      transaction,
      rows.map((row) => ({
        topic: topics.enriched,
        key: formatKey({ repositoryId: row.repository_id, number: row.number }),
        version: row.version,
      })),
    );
  });
}
