import type { Deleted, IssueSummary } from '../../../src/contracts/rest.ts';
import { keyOf } from '../issue/issue-name.ts';

/**
 * The newest that this page has seen of each issue, and of each deletion. Answers and feed messages come in any
 * order; what is not newer than what is here is dropped, so nothing goes back in time.
 */
export class IssueBook {
  readonly #issues = new Map<string, IssueSummary>();
  readonly #deleted = new Map<string, number>();
  readonly #capacity: number;

  constructor(capacity = 50_000) {
    this.#capacity = capacity;
  }

  /** False when the issue is not newer than what is known. */
  put(issue: IssueSummary): boolean {
    const key = keyOf(issue);
    if (issue.version <= this.#versionOf(key)) return false;
    this.#deleted.delete(key);
    this.#issues.delete(key);
    this.#issues.set(key, issue);
    forgetOldest(this.#issues, this.#capacity);
    return true;
  }

  remove(deleted: Deleted): boolean {
    const key = keyOf(deleted);
    if (deleted.version <= this.#versionOf(key)) return false;
    this.#issues.delete(key);
    this.#deleted.set(key, deleted.version);
    forgetOldest(this.#deleted, this.#capacity);
    return true;
  }

  get(key: string): IssueSummary | undefined {
    return this.#issues.get(key);
  }

  isDeleted(key: string): boolean {
    return this.#deleted.has(key);
  }

  find(repository: string, number: number): IssueSummary | undefined {
    let found: IssueSummary | undefined;
    for (const issue of this.#issues.values()) {
      if (issue.number !== number || issue.repository.toLowerCase() !== repository.toLowerCase()) continue;
      // A reused name means its newest repository id.
      if (!found || issue.repositoryId > found.repositoryId) found = issue;
    }
    return found;
  }

  #versionOf(key: string): number {
    return Math.max(this.#issues.get(key)?.version ?? -1, this.#deleted.get(key) ?? -1);
  }
}

function forgetOldest(map: Map<string, unknown>, capacity: number): void {
  for (const key of map.keys()) {
    if (map.size <= capacity) return;
    map.delete(key);
  }
}
