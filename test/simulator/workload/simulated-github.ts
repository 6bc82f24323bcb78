import type { IssueKey } from '../../../src/contracts/issue.ts';
import type { Random } from '../engine/random.ts';

interface Issue {
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  labels: string[];
  assignees: string[];
  locked: boolean;
  comments: number;
  readonly created_at: string;
  updated_at: string;
  closed_at: string | null;
}

interface Repository {
  readonly id: number;
  readonly full_name: string;
  readonly issues: Map<number, Issue>;
  next: number;
}

/** One event as GitHub would send it; `poison` names why it can never be processed. */
export interface GithubEvent extends IssueKey {
  readonly repository: string;
  readonly event: 'issues' | 'issue_comment';
  readonly action: string;
  readonly payload: Record<string, unknown>;
  readonly poison: string | null;
}

const words = ['crash', 'typo', 'slow start', 'login fails', 'dark mode', 'docs'];
const names = ['bug', 'docs', 'help'];
const people = ['mona', 'hubot', 'lena'];

/** Repositories whose issues people work on; every act is an event with the state after it. */
export class SimulatedGithub {
  readonly #random: Random;
  readonly #repositories: readonly Repository[];

  constructor(random: Random) {
    this.#random = random;
    this.#repositories = [
      { id: 101, full_name: 'octo/harbor', issues: new Map(), next: 1 },
      { id: 102, full_name: 'octo/tern', issues: new Map(), next: 1 },
    ];
  }

  /** What somebody does at this time; a transfer is two events. */
  act(now: number): readonly GithubEvent[] {
    const repository = this.#random.pick(this.#repositories);
    const numbers = [...repository.issues.keys()];
    if (numbers.length === 0 || (numbers.length < 3 && this.#random.chance(0.3)))
      return [this.#open(repository, now)];
    const issue = repository.issues.get(this.#random.pick(numbers));
    if (!issue) throw new Error('an issue that is listed is there');
    const second = instant(now);
    // GitHub's clock has whole seconds, and they do not go back.
    if (second > issue.updated_at) issue.updated_at = second;
    return this.#change(repository, issue, now);
  }

  /** The current state of an issue, as GitHub's API lists it. */
  snapshot(): { readonly repository: { id: number; full_name: string }; readonly json: string } | null {
    const repository = this.#random.pick(this.#repositories);
    const issues = [...repository.issues.values()];
    if (issues.length === 0) return null;
    const { id, full_name } = repository;
    return {
      repository: { id, full_name },
      json: JSON.stringify(stateOf(repository, this.#random.pick(issues))),
    };
  }

  #open(repository: Repository, now: number): GithubEvent {
    const at = instant(now);
    const issue: Issue = {
      number: repository.next++,
      title: this.#random.pick(words),
      body: this.#random.chance(0.2) ? null : this.#random.pick(words),
      state: 'open',
      labels: this.#random.chance(0.3) ? [this.#random.pick(names)] : [],
      assignees: [],
      locked: false,
      comments: 0,
      created_at: at,
      updated_at: at,
      closed_at: null,
    };
    repository.issues.set(issue.number, issue);
    return this.#say(repository, issue, 'opened');
  }

  #change(repository: Repository, issue: Issue, now: number): readonly GithubEvent[] {
    const random = this.#random;
    const dice = random.below(100);
    if (dice < 6) {
      repository.issues.delete(issue.number);
      return [this.#say(repository, issue, 'deleted')];
    }
    if (dice < 10) {
      repository.issues.delete(issue.number);
      const other = this.#repositories.find((each) => each !== repository) ?? repository;
      return [this.#say(repository, issue, 'transferred'), this.#open(other, now)];
    }
    if (dice < 14) return [this.#poison(repository, issue)];
    if (dice < 35) return [this.#label(repository, issue)];
    if (dice < 50) return [this.#edit(repository, issue)];
    if (dice < 60) return [this.#close(repository, issue, now)];
    if (dice < 66) return [this.#say(repository, issue, random.pick(['pinned', 'unpinned']))];
    if (dice < 75) return [this.#assign(repository, issue)];
    return [this.#comment(repository, issue)];
  }

  #label(repository: Repository, issue: Issue): GithubEvent {
    const name = this.#random.pick(names);
    const has = issue.labels.includes(name);
    issue.labels = has ? issue.labels.filter((each) => each !== name) : [...issue.labels, name];
    return this.#say(repository, issue, has ? 'unlabeled' : 'labeled', { label: { name } });
  }

  #assign(repository: Repository, issue: Issue): GithubEvent {
    const login = this.#random.pick(people);
    const has = issue.assignees.includes(login);
    issue.assignees = has ? issue.assignees.filter((each) => each !== login) : [...issue.assignees, login];
    return this.#say(repository, issue, has ? 'unassigned' : 'assigned', { assignee: { login } });
  }

  #edit(repository: Repository, issue: Issue): GithubEvent {
    const { title, body } = issue;
    if (this.#random.chance(0.6)) {
      issue.title = this.#random.pick(words);
      return this.#say(repository, issue, 'edited', { changes: { title: { from: title } } });
    }
    issue.body = this.#random.pick(words);
    return this.#say(repository, issue, 'edited', { changes: { body: { from: body ?? '' } } });
  }

  #close(repository: Repository, issue: Issue, now: number): GithubEvent {
    const opens = issue.state === 'closed';
    issue.state = opens ? 'open' : 'closed';
    issue.closed_at = opens ? null : instant(now);
    return this.#say(repository, issue, opens ? 'reopened' : 'closed');
  }

  /** The payload of a comment is built before the comment is counted. */
  #comment(repository: Repository, issue: Issue): GithubEvent {
    const removes = issue.comments > 0 && this.#random.chance(0.3);
    const said = this.#say(
      repository,
      issue,
      removes ? 'deleted' : 'created',
      { comment: { id: 1 } },
      'issue_comment',
    );
    issue.comments += removes ? -1 : 1;
    return said;
  }

  #poison(repository: Repository, issue: Issue): GithubEvent {
    const cannotBeRead = this.#random.chance(0.5);
    const event = cannotBeRead
      ? this.#say(repository, { ...issue, updated_at: 'yesterday' }, 'edited')
      : // One comment more than an integer holds: the database refuses it.
        this.#say(repository, { ...issue, comments: 2_147_483_647 }, 'created', {}, 'issue_comment');
    return { ...event, poison: cannotBeRead ? 'no time' : 'too many comments' };
  }

  #say(
    repository: Repository,
    issue: Issue,
    action: string,
    more: Record<string, unknown> = {},
    event: GithubEvent['event'] = 'issues',
  ): GithubEvent {
    const { id, full_name } = repository;
    const payload = {
      action,
      issue: stateOf(repository, issue),
      repository: { id, full_name },
      sender: { login: this.#random.pick(people) },
      ...more,
    };
    return {
      repositoryId: id,
      number: issue.number,
      repository: full_name,
      event,
      action,
      payload,
      poison: null,
    };
  }
}

const stateOf = (repository: Repository, issue: Issue) => ({
  ...issue,
  labels: issue.labels.map((name) => ({ name })),
  assignees: issue.assignees.map((login) => ({ login })),
  user: { login: 'mona' },
  html_url: `https://github.com/${repository.full_name}/issues/${issue.number}`,
});

const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
