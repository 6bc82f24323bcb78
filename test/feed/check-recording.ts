import type { EnrichedRecord } from '../../src/contracts/topics.ts';
import type { StoredState } from '../stored-state.ts';
import { type Heard, shownAfter } from './recording.ts';

export interface CheckedRecording {
  /** A sentence for each promise that was broken. */
  readonly violations: readonly string[];
  /** Messages that a connection, with those that it went on from, heard a second time. */
  readonly repeated: number;
}

/**
 * Everything that a client heard, against what is stored in the end.
 * @param states what was stored at each time that `issues.enriched` was about to be replaced, the last one now
 */
export function checkRecording(heard: readonly Heard[], states: readonly StoredState[]): CheckedRecording {
  const feed = states.flatMap((state) => state.feed.map(({ record }) => record));
  const now = states.at(-1);
  if (!now) throw new Error('nothing to check against');
  const { violations, repeated } = checkOrder(heard, versionsOf(feed));
  return {
    violations: [
      ...violations,
      ...checkContents(heard, feed),
      ...checkDeletions(heard),
      ...checkEnd(heard, now),
    ],
    repeated,
  };
}

function versionsOf(feed: readonly EnrichedRecord[]): ReadonlyMap<number, readonly number[]> {
  const versions = new Map<number, Set<number>>();
  for (const { number, version } of feed) {
    const former = versions.get(number);
    if (former) former.add(version);
    else versions.set(number, new Set([version]));
  }
  return new Map([...versions].map(([number, of]) => [number, [...of].sort((a, b) => a - b)]));
}

/** While a client goes on by its cursor each issue only goes forward, and no version is left out. */
function checkOrder(
  heard: readonly Heard[],
  published: ReadonlyMap<number, readonly number[]>,
): CheckedRecording {
  const violations: string[] = [];
  let repeated = 0;
  let last = new Map<number, number>();
  for (const each of heard) {
    if (each.kind === 'resync' || (each.kind === 'connected' && each.from === 'now')) last = new Map();
    if (each.kind !== 'issue' && each.kind !== 'deleted') continue;
    const { number, version } = each;
    const former = last.get(number);
    if (former !== undefined && version < former) violations.push(`${number} went back to ${version}`);
    if (former === version) repeated += 1;
    if (former !== undefined) {
      const between = published.get(number)?.filter((other) => other > former && other < version) ?? [];
      for (const missed of between) violations.push(`${number}: ${missed} was left out`);
    }
    last.set(number, Math.max(version, former ?? 0));
  }
  return { violations, repeated };
}

/** What was said of a version is what was published under it. */
function checkContents(heard: readonly Heard[], feed: readonly EnrichedRecord[]): readonly string[] {
  const titles = new Map(feed.map((record) => [`${record.number}@${record.version}`, titleOf(record)]));
  const newest = new Map<number, number>();
  for (const { number, version } of feed) newest.set(number, Math.max(version, newest.get(number) ?? 0));
  return heard.flatMap((each) => {
    if (each.kind !== 'issue' && each.kind !== 'deleted') return [];
    const { number, version } = each;
    const title = titles.get(`${number}@${version}`);
    // Compaction removes what was superseded.
    if (title === undefined && version < (newest.get(number) ?? 0)) return [];
    const said = each.kind === 'issue' ? each.title : null;
    return title === said ? [] : [`${number}@${version} is ${title}, and ${said} was said`];
  });
}

const titleOf = (record: EnrichedRecord): string | null =>
  record.type === 'issue' ? record.issue.title : null;

/** For issues of which nothing newer than their deletion happened. */
function checkDeletions(heard: readonly Heard[]): readonly string[] {
  const deleted = new Map<number, number>();
  return heard.flatMap((each) => {
    if (each.kind === 'deleted') deleted.set(each.number, each.version);
    const said = each.kind === 'issue' ? [each] : each.kind === 'loaded' ? each.issues : [];
    return said
      .filter(({ number, version }) => version > (deleted.get(number) ?? Number.POSITIVE_INFINITY))
      .map(({ number, version }) => `${number} came back as ${version}`);
  });
}

/** What the client shows in the end is what the database has. */
function checkEnd(heard: readonly Heard[], { issues }: StoredState): readonly string[] {
  const shown = shownAfter(heard);
  const stored = new Map(issues.map((issue) => [issue.number, issue]));
  const surplus = [...shown.keys()].filter((number) => !stored.has(number));
  return [
    ...surplus.map((number) => `${number} is shown, and not stored`),
    ...issues.flatMap(({ number, version, title }) => {
      const found = shown.get(number);
      return found?.version === version && found.title === title
        ? []
        : [`${number} is stored as ${version} (${title}), and shown as ${found?.version} (${found?.title})`];
    }),
  ];
}
