import { type TopicName, topics } from '../contracts/topics.ts';

/** The group id of an installation that is no branch. */
export const mainGroupId = 'dispatchai';

export const isBranch = (groupId: string): boolean => groupId !== mainGroupId;

/** The names of the topics on a broker: a branch shares `issues.raw` and has the others to itself. */
export function topicNamesOf(groupId: string): Readonly<Record<TopicName, string>> {
  const own = (topic: TopicName): string => (isBranch(groupId) ? `${topic}.${groupId}` : topic);
  return {
    [topics.raw]: topics.raw,
    [topics.enriched]: own(topics.enriched),
    [topics.deadLetter]: own(topics.deadLetter),
    [topics.deletions]: own(topics.deletions),
  };
}

/** The schema in a served database. A group id has no underscore, so no two of them meet in one schema. */
export const schemaOf = (groupId: string): string =>
  isBranch(groupId) ? `dispatchai_${groupId.replaceAll('-', '_')}` : 'public';

/** Under the name of the ledger the one that a branch shares; the others are not read, and have to exist. */
export const sharedLedgerNames = (groupId: string): Readonly<Record<TopicName, string>> => ({
  ...topicNamesOf(groupId),
  [topics.deletions]: topics.deletions,
});
