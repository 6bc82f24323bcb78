import type { Deleted, IssueSummary } from '../../src/contracts/rest.ts';

export type HeardIssue = Pick<IssueSummary, 'number' | 'version' | 'title'>;
export type HeardDeletion = Pick<Deleted, 'number' | 'version'>;

/** What happened to a client of the feed, in order. One repository: numbers name its issues. */
export type Heard =
  /** A gateway said hello: the client goes on where it was, or begins now. */
  | { readonly kind: 'connected'; readonly gateway: string; readonly from: 'cursor' | 'now' }
  | ({ readonly kind: 'issue' } & HeardIssue)
  | ({ readonly kind: 'deleted' } & HeardDeletion)
  | { readonly kind: 'resync'; readonly reason: string }
  /** It began to load the list. */
  | { readonly kind: 'asked' }
  | {
      readonly kind: 'loaded';
      readonly issues: readonly HeardIssue[];
      readonly deleted: readonly HeardDeletion[];
    };

interface Known {
  readonly version: number;
  /** Null for what is not shown: deleted, or missing from a list that was loaded later. */
  readonly title: string | null;
}

/**
 * What a page shows that heard all this: of each issue the newest that it heard of. A list that is loaded replaces
 * what was shown, except what came over the feed since it was asked for.
 */
export function shownAfter(heard: readonly Heard[]): ReadonlyMap<number, HeardIssue> {
  const known = new Map<number, Known>();
  let sinceAsked = new Set<number>();
  const learn = (number: number, version: number, title: string | null) => {
    sinceAsked.add(number);
    if (version > (known.get(number)?.version ?? -1)) known.set(number, { version, title });
  };
  for (const each of heard) {
    switch (each.kind) {
      case 'issue':
        learn(each.number, each.version, each.title);
        break;
      case 'deleted':
        learn(each.number, each.version, null);
        break;
      case 'asked':
        sinceAsked = new Set();
        break;
      case 'loaded': {
        const listed = new Set(each.issues.map(({ number }) => number));
        for (const [number, { version }] of known) {
          if (!listed.has(number) && !sinceAsked.has(number)) known.set(number, { version, title: null });
        }
        for (const { number, version, title } of each.issues) show(known, number, version, title);
        for (const { number, version } of each.deleted) learn(number, version, null);
        break;
      }
      default:
        break;
    }
  }
  const shown = new Map<number, HeardIssue>();
  for (const [number, { version, title }] of known) {
    if (title !== null) shown.set(number, { number, version, title });
  }
  return shown;
}

/** A row of a list: not older than what is known, which an earlier list may not have had. */
function show(known: Map<number, Known>, number: number, version: number, title: string): void {
  if (version >= (known.get(number)?.version ?? -1)) known.set(number, { version, title });
}
