import { IssuePayload, RepositoryPayload } from '../contracts/webhook-events.ts';
import type { SnapshotRepository } from './import-snapshot.ts';

/** What an object of the stream is. */
export type ImportItem =
  | { readonly kind: 'repository'; readonly repository: SnapshotRepository }
  | { readonly kind: 'issue'; readonly issue: IssuePayload; readonly repository: SnapshotRepository }
  /** GitHub's API counts pull requests among the issues. */
  | { readonly kind: 'pull-request' }
  | { readonly kind: 'malformed'; readonly detail: string };

const how = "first what `gh api repos/O/R` writes, then `gh api --paginate 'repos/O/R/issues?state=all'`";

/** Tells what an object is, given the repository that came before it. */
export function readImportItem(json: Buffer, repository: SnapshotRepository | null): ImportItem {
  let value: unknown;
  try {
    value = JSON.parse(json.toString());
  } catch (error) {
    return malformed(
      `the object that begins here is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isObject(value)) return malformed(`expected ${how}`);
  if ('number' in value && 'title' in value) return readIssue(value, repository);
  if ('full_name' in value) return readRepository(value);
  if (typeof value.message === 'string') {
    return malformed(`GitHub's API answered with an error: ${value.message.slice(0, 200)}`);
  }
  return malformed(`neither a repository nor an issue; expected ${how}`);
}

function readRepository(value: object): ImportItem {
  const parsed = RepositoryPayload.safeParse(value);
  if (!parsed.success)
    return malformed(`not a repository as GitHub's API writes it: ${firstOf(parsed.error)}`);
  return { kind: 'repository', repository: parsed.data };
}

function readIssue(value: Record<string, unknown>, repository: SnapshotRepository | null): ImportItem {
  if (repository === null) return malformed(`an issue without its repository before it; expected ${how}`);
  if (value.pull_request != null) return { kind: 'pull-request' };
  const parsed = IssuePayload.safeParse(value);
  if (!parsed.success) return malformed(`not an issue as GitHub's API writes it: ${firstOf(parsed.error)}`);
  const of = value.repository_url;
  if (typeof of === 'string' && !of.toLowerCase().endsWith(`/repos/${repository.full_name.toLowerCase()}`)) {
    return malformed(`an issue of ${of}, but the repository before it is ${repository.full_name}`);
  }
  return { kind: 'issue', issue: parsed.data, repository };
}

const malformed = (detail: string): ImportItem => ({ kind: 'malformed', detail });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const firstOf = (error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }): string => {
  const [first] = error.issues;
  return first ? `${first.path.join('.')}: ${first.message}` : 'invalid';
};
