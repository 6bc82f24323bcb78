import type { FeedMessage } from '../../../src/contracts/feed.ts';
import type { Deleted, IssueList, IssueSummary } from '../../../src/contracts/rest.ts';
import type { Answered } from '../api/client.ts';
import { keyOf } from '../issue/issue-name.ts';
import { type Arrangement, arrange, nothingShown } from './arrange.ts';
import { everything, type Filter } from './filter.ts';
import { IssueBook } from './issue-book.ts';
import { compareIssues, matches } from './match.ts';

export type Failure = Exclude<Answered<never>, { kind: 'ok' }>;

export interface QueueSnapshot {
  readonly filter: Filter;
  readonly arrangement: Arrangement;
  /** `loading` has nothing to show yet; `changing` still shows the list of the filter before. */
  readonly phase: 'loading' | 'changing' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly complete: boolean;
  readonly loadingMore: boolean;
  /** Grows with every change, also of an issue whose place stays. */
  readonly revision: number;
}

export type LoadPage = (
  filter: Filter,
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
) => Promise<Answered<IssueList>>;

const firstPage = 100;
const laterPage = 200;

/**
 * The list on screen: pages from the server with the feed laid over them. A new issue appears from its message
 * alone. Pages are asked for only after the feed began (the caller sees to it), so that nothing falls between.
 */
export class QueueStore {
  readonly book = new IssueBook();
  readonly #load: LoadPage;
  readonly #listeners = new Set<() => void>();
  /** Keys that may be on the list: those the server listed, and those that came by the feed since. */
  readonly #listed = new Set<string>();
  readonly #fed = new Set<string>();
  readonly #leaving = new Map<string, IssueSummary>();
  #boundary: IssueSummary | null = null;
  #cursor: string | null = null;
  #held = false;
  #running: AbortController | null = null;
  #snapshot: QueueSnapshot = {
    filter: everything,
    arrangement: nothingShown,
    phase: 'loading',
    failure: null,
    complete: false,
    loadingMore: false,
    revision: 0,
  };

  constructor(load: LoadPage) {
    this.#load = load;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): QueueSnapshot => this.#snapshot;

  /** A deleted issue whose row still stands on screen, until the list may move. */
  lastSeen(key: string): IssueSummary | undefined {
    return this.#leaving.get(key);
  }

  /** Loads the first page anew: at start, for another filter, and when the feed says that it lost its place. */
  async load(filter: Filter): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const { arrangement, phase } = this.#snapshot;
    const same = filter === this.#snapshot.filter;
    this.#fed.clear();
    this.#set({
      filter,
      phase: phase === 'loading' || arrangement.shown.length === 0 ? 'loading' : same ? 'ready' : 'changing',
      failure: null,
      loadingMore: false,
    });
    const limit = same && arrangement.shown.length > firstPage ? laterPage : firstPage;
    const answered = await this.#ask(limit, null, running.signal);
    if (answered === null) return;
    if (answered.kind !== 'ok') return this.#set({ phase: 'failed', failure: answered });
    this.#listed.clear();
    this.#takePage(answered.value);
    const shown = same ? arrangement : nothingShown;
    this.#set({ arrangement: arrange(shown, this.#order(), same && this.#held), phase: 'ready' });
  }

  async loadMore(): Promise<void> {
    const { phase, complete, loadingMore } = this.#snapshot;
    if (phase !== 'ready' || complete || loadingMore || !this.#running) return;
    this.#set({ loadingMore: true });
    const answered = await this.#ask(laterPage, this.#cursor, this.#running.signal);
    if (answered === null) return;
    if (answered.kind !== 'ok') return this.#set({ loadingMore: false, failure: answered });
    const older = this.#takePage(answered.value);
    const { arrangement } = this.#snapshot;
    this.#set({
      arrangement: arrange(arrangement, this.#order(), this.#held, older),
      loadingMore: false,
      failure: null,
    });
  }

  /** Takes in feed messages; those that are not newer than what is known change nothing. */
  apply(messages: readonly FeedMessage[]): void {
    let changed = false;
    for (const message of messages) {
      if (message.type === 'issue') changed = this.#put(message.issue) || changed;
      if (message.type === 'deleted') changed = this.#remove(message) || changed;
    }
    if (changed) this.#rearrange(this.#held);
  }

  /** Takes in what an answer of the server says about one issue. */
  put(issue: IssueSummary): void {
    if (this.#put(issue)) this.#rearrange(this.#held);
  }

  /** Takes in that this page deleted an issue; its row goes at once, since the person asked for it. */
  remove(deleted: Deleted): void {
    this.#remove(deleted);
    const key = keyOf(deleted);
    const { arrangement } = this.#snapshot;
    this.#set({ arrangement: { ...arrangement, shown: arrangement.shown.filter((each) => each !== key) } });
  }

  /** While held nothing on screen changes its place. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (!held) this.#rearrange(false);
  }

  /** Shows what waits, because somebody asked for it. */
  release(): void {
    this.#rearrange(false);
  }

  #put(issue: IssueSummary): boolean {
    const newer = this.book.put(issue);
    if (newer) this.#fed.add(keyOf(issue));
    return newer;
  }

  #remove(deleted: Deleted): boolean {
    const key = keyOf(deleted);
    const before = this.book.get(key);
    const newer = this.book.remove(deleted);
    if (newer && before) this.#leaving.set(key, before);
    return newer;
  }

  async #ask(limit: number, cursor: string | null, signal: AbortSignal): Promise<Answered<IssueList> | null> {
    try {
      const answered = await this.#load(this.#snapshot.filter, limit, cursor, signal);
      return signal.aborted ? null : answered;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  #takePage(page: IssueList): readonly string[] {
    for (const deleted of page.deleted) this.book.remove(deleted);
    for (const issue of page.issues) {
      this.book.put(issue);
      this.#listed.add(keyOf(issue));
    }
    this.#boundary = page.issues.at(-1) ?? this.#boundary;
    this.#cursor = page.nextCursor;
    this.#set({ complete: page.nextCursor === null });
    return page.issues.map(keyOf);
  }

  #order(): string[] {
    const { filter, complete } = this.#snapshot;
    const candidates: IssueSummary[] = [];
    for (const key of this.#listed.union(this.#fed)) {
      const issue = this.book.get(key);
      if (!issue || !matches(issue, filter, this.#listed.has(key))) continue;
      // What lies beyond the last page loaded comes with its own page.
      if (!complete && this.#boundary && !this.#listed.has(key) && compareIssues(issue, this.#boundary) > 0)
        continue;
      candidates.push(issue);
    }
    return candidates.sort(compareIssues).map(keyOf);
  }

  #rearrange(held: boolean): void {
    const { arrangement, phase } = this.#snapshot;
    const loading = phase === 'loading' || phase === 'changing';
    if (!held) this.#leaving.clear();
    this.#set(loading ? {} : { arrangement: arrange(arrangement, this.#order(), held) });
  }

  #set(part: Partial<QueueSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part, revision: this.#snapshot.revision + 1 };
    for (const listener of this.#listeners) listener();
  }
}
