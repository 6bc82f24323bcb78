import { type TopicName, topics } from '../contracts/topics.ts';
import type { ServerFacts } from '../database/server-facts.ts';
import type { TopicDescription } from '../log/topic-administration.ts';
import type { DescribedTopics } from '../operations/topics/describe-topics.ts';
import type { TopicDifference } from '../operations/topics/diff-topics.ts';
import { sayDifference, type TopicNames } from '../operations/topics/say-difference.ts';
import type { Config } from './config.ts';

/** What an examination of the configuration and its surroundings found. */
export interface Findings {
  /** What is there, for people. */
  readonly facts: readonly string[];
  /** Must be changed before it starts. */
  readonly problems: readonly string[];
  /** Works, and is probably not meant. */
  readonly warnings: readonly string[];
}

export const nothingFound: Findings = { facts: [], problems: [], warnings: [] };

export const together = (all: readonly Findings[]): Findings => ({
  facts: all.flatMap(({ facts }) => facts),
  problems: all.flatMap(({ problems }) => problems),
  warnings: all.flatMap(({ warnings }) => warnings),
});

const skewMs = 2_000;
const wantedReplicas = 3;
const wantedInSync = 2;

/** Judges a broker's topics. Pure. */
export function judgeBroker({ profile }: Config, found: DescribedTopics, names: TopicNames): Findings {
  const production = profile === 'production';
  const missing = found.differences.filter(({ kind }) => kind === 'missing');
  const isGrown = ({ kind, topic }: TopicDifference) => kind === 'partitions' && topic !== topics.raw;
  const differing = found.differences.filter((each) => each.kind !== 'missing' && !isGrown(each));
  const list = missing.map(({ topic }) => names[topic]).join(', ');
  return {
    facts: [`broker: reached, ${found.brokers} in the cluster, ${found.topics.length} of our topics`],
    problems: [
      ...(production && missing.length > 0
        ? [`these topics are missing: ${list}; \`dispatchai topics apply --execute\` makes them`]
        : []),
      // What an issue's newest record is would depend on the partition that is read.
      ...found.differences
        .filter(isGrown)
        .map(
          (each) =>
            `${sayDifference(each, names)}: in a topic that grew, older records of an issue stay in another partition`,
        ),
    ],
    warnings: [
      ...(!production && missing.length > 0
        ? [`these topics are missing: ${list}; the first start makes them`]
        : []),
      ...differing.map(
        (each) => `${sayDifference(each, names)}; \`dispatchai topics apply\` shows what to do`,
      ),
      ...(production ? aboutReplicas(found, names) : []),
      ...aboutIds(found.topics),
    ],
  };
}

/** Brokers without topic ids say zeros. */
function aboutIds(found: readonly TopicDescription[]): readonly string[] {
  const without = found.filter(({ id }) => /^[0-]*$/.test(id)).map(({ name }) => name);
  return without.length === 0
    ? []
    : [`${without.join(', ')}: the broker gives topics no ids, so one that is made anew goes unnoticed`];
}

function aboutReplicas({ topics: found, brokers }: DescribedTopics, names: TopicNames): readonly string[] {
  const few = found.filter(({ replicationFactor }) => replicationFactor < wantedReplicas);
  const unsure = found.filter(
    ({ replicationFactor, config }) =>
      replicationFactor >= wantedReplicas &&
      Number(config['min.insync.replicas'] ?? wantedInSync) < wantedInSync,
  );
  const namesOf = (some: readonly { readonly topic: TopicName }[]) =>
    some.map(({ topic }) => names[topic]).join(', ');
  return [
    ...(few.length > 0
      ? [
          `${namesOf(few)}: fewer than ${wantedReplicas} replicas, so a broker that is lost may take accepted webhooks ` +
            `with it${brokers < wantedReplicas ? ` (the cluster has ${brokers} of ${wantedReplicas} brokers)` : ''}`,
        ]
      : []),
    ...(unsure.length > 0
      ? [
          `${namesOf(unsure)}: min.insync.replicas is under ${wantedInSync}, so a record may be on one broker only`,
        ]
      : []),
  ];
}

const sayVector = ({ vectorVersion, vectorAvailable }: ServerFacts): string => {
  if (vectorVersion !== null) return `pgvector ${vectorVersion}`;
  return vectorAvailable ? 'pgvector not in the database yet' : 'without pgvector';
};

/** Judges a served database. Pure. @param now of this process when the server said its own, milliseconds */
export function judgeDatabase(config: Config, facts: ServerFacts, now: number): Findings {
  const { version, vectorVersion, vectorAvailable, migrations, maxConnections } = facts;
  const ahead = Math.round((facts.now - now) / 1000);
  const connections = config.database.kind === 'postgres' ? config.database.connections : 0;
  return {
    facts: [
      `database: PostgreSQL ${version}, ${sayVector(facts)}, ` +
        (migrations === null ? 'no tables yet' : `${migrations} migrations done`),
    ],
    problems: [],
    warnings: [
      ...(vectorVersion === null && !vectorAvailable
        ? ['pgvector is not installed in the database: everything works but similar issues']
        : []),
      ...(Math.abs(facts.now - now) > skewMs
        ? [`the database's clock is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`]
        : []),
      ...(connections >= maxConnections
        ? [
            `DATABASE_CONNECTIONS is ${connections} for each process, and the server takes ${maxConnections} in all`,
          ]
        : []),
    ],
  };
}

/** The topic that everything begins with is somebody else's in a branch. */
export const sharedRaw = ({ branch }: Config, found: readonly TopicName[]): Findings =>
  branch && !found.includes(topics.raw)
    ? {
        ...nothingFound,
        warnings: [`${topics.raw} is missing: a branch reads it from the installation beside it`],
      }
    : nothingFound;
