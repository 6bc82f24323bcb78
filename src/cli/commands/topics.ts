import { Command } from 'commander';
import type { AppliedTopics, PlannedChange } from '../../operations/topics/apply-topics.ts';
import type { DescribedTopics } from '../../operations/topics/describe-topics.ts';
import { sayDifference, type TopicNames } from '../../operations/topics/say-difference.ts';
import { createEffects } from '../../runtime/effects.ts';
import { type OpenedTopics, openTopicCommands } from '../../runtime/open-topics.ts';
import { configured } from '../configured.ts';

interface Options {
  readonly json?: true;
  readonly execute?: true;
}

const embedded =
  'The embedded log declares its topics whenever it is opened: there is nothing to compare or apply.';

/** `dispatchai topics …`: what the broker has, beside what is declared. */
export function topicsCommand(): Command {
  const diff = new Command('diff')
    .description('what differs from what is declared; exit code 1 when something does')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withTopics(options, async (topics) => {
        const found = await topics.describe();
        say(options, found.differences, () => differences(found, topics.names));
        process.exitCode = found.differences.length === 0 ? 0 : 1;
      }),
    );
  const apply = new Command('apply')
    .description('make and change topics so that they are what is declared; shows it first')
    .option('--execute', 'do it')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withTopics(options, async (topics) => {
        const applied = await topics.apply(options.execute === true);
        say(options, applied, () => changes(applied, topics.names));
      }),
    );
  const describe = new Command('describe')
    .description('the topics as the broker has them')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withTopics(options, async (topics) => {
        const found = await topics.describe();
        say(options, found, () => description(found, topics.names));
      }),
    );
  return new Command('topics').addCommand(diff).addCommand(apply).addCommand(describe);
}

async function withTopics(options: Options, work: (topics: OpenedTopics) => Promise<void>): Promise<void> {
  const { config } = configured();
  if (config.log.kind === 'embedded') return say(options, { log: 'embedded' }, () => embedded);
  const topics = await openTopicCommands(config, config.log, createEffects('error', process.stderr));
  try {
    await work(topics);
  } finally {
    await topics.close();
  }
}

const say = ({ json }: Options, value: unknown, text: () => string): void =>
  console.log(json ? JSON.stringify(value, null, 2) : text());

function differences({ differences: found }: DescribedTopics, names: TopicNames): string {
  if (found.length === 0) return 'The topics are what is declared.';
  return found.map((each) => sayDifference(each, names)).join('\n');
}

function changes({ executed, changes: planned }: AppliedTopics, names: TopicNames): string {
  if (planned.length === 0) return 'The topics are what is declared; there is nothing to do.';
  const doable = planned.some(({ change }) => change.kind !== 'refused');
  const end = executed ? 'Done.' : 'Nothing was changed; --execute does it.';
  return [...planned.flatMap((each) => sayChange(each, executed, names)), ...(doable ? [end] : [])].join(
    '\n',
  );
}

function sayChange({ change, loss }: PlannedChange, executed: boolean, names: TopicNames): readonly string[] {
  const name = names[change.topic];
  if (change.kind === 'refused') return [`${name}: not changed: ${change.reason}`];
  if (change.kind === 'create') {
    const { partitions, replicationFactor, config } = change.declared;
    const values = Object.entries(config).map(([key, value]) => `${key}=${value}`);
    return [
      `${name}: ${executed ? 'made' : 'would be made'} with ${partitions} partitions, replication ${replicationFactor}`,
      ...values.map((value) => `    ${value}`),
    ];
  }
  const values = Object.entries(change.config).map(
    ([key, value]) =>
      `${name}: ${key} ${change.former[key]} ${executed ? 'became' : 'would become'} ${value}`,
  );
  if (loss === null) return values;
  const until = new Date(loss.before).toISOString();
  const lost = `up to ${loss.records} records written before ${until}`;
  return [
    ...values,
    loss.records === 0
      ? `${name}: nothing is lost by that now; later, records are kept for a shorter time`
      : `${name}: warning: the broker ${executed ? 'removes' : 'would remove'} ${lost}`,
  ];
}

function description({ brokers, topics, differences: found }: DescribedTopics, names: TopicNames): string {
  const lines = topics.flatMap(({ name, id, partitions, replicationFactor, config }) => [
    `${name}  ${partitions} partitions, replication ${replicationFactor}, id ${id}`,
    ...['cleanup.policy', 'retention.ms', 'retention.bytes', 'segment.ms', 'segment.bytes']
      .concat([
        'min.compaction.lag.ms',
        'max.message.bytes',
        'min.insync.replicas',
        'unclean.leader.election.enable',
      ])
      .filter((key) => config[key] !== undefined)
      .map((key) => `    ${key.padEnd(32)}${config[key]}`),
  ]);
  const differing = found.map((each) => `- ${sayDifference(each, names)}`);
  return [`${brokers} ${brokers === 1 ? 'broker' : 'brokers'}`, ...lines, ...differing].join('\n');
}
