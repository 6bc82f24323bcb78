import { IssueList } from '../../src/contracts/rest.ts';
import type { HeardDeletion, HeardIssue } from './recording.ts';

/** Every page of a gateway's list. Null when it does not answer, or not with 200. */
export async function readLists(
  gatewayUrl: string,
): Promise<{ readonly issues: readonly HeardIssue[]; readonly deleted: readonly HeardDeletion[] } | null> {
  const issues: HeardIssue[] = [];
  const deleted: HeardDeletion[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const list = await readPage(`${gatewayUrl}/api/issues?limit=200${page}`);
    if (list === null) return null;
    issues.push(...list.issues);
    deleted.push(...list.deleted);
    cursor = list.nextCursor;
  }
  return { issues, deleted };
}

async function readPage(url: string): Promise<IssueList | null> {
  try {
    const response = await fetch(url);
    const text = await response.text();
    return response.status === 200 ? IssueList.parse(JSON.parse(text)) : null;
  } catch (error) {
    // What fetch says when nobody answers, or the one who did is gone.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
