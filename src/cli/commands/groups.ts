import { Command, InvalidArgumentError } from 'commander';
import { parseSeekTarget, type SeekTarget } from '../../domain/seek-target.ts';
import type { ListedGroup } from '../../operations/list-groups.ts';
import type { PlannedSeek, SeekOutcome } from '../../operations/seek-group.ts';
import { Refusal } from '../../runtime/refusal.ts';
import { withInstallation } from '../with-installation.ts';

interface SeekOptions {
  readonly to: SeekTarget;
  readonly partition?: number;
  readonly why?: string;
  readonly execute?: true;
  readonly json?: true;
}

/** `dispatchai groups …`: where the groups stand, and how to move one on purpose. */
export function groupsCommand(): Command {
  const list = new Command('list')
    .description('the groups that read the webhooks, with position, committed offset and lag')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      const groups = await withInstallation([], (installation) => installation.groups());
      console.log(json ? JSON.stringify(groups, null, 2) : groups.map(formatGroup).join('\n\n'));
    });
  const seek = new Command('seek')
    .description("move the classifier's group; shows what that means first")
    .argument('[group]', "the group; this installation's own when absent")
    .requiredOption('--to <place>', 'start, end, an offset, or a time in ISO 8601', readTarget)
    .option('--partition <number>', 'only this one', readPartition)
    .option('--why <reason>', 'for the audit')
    .option('--execute', 'do it')
    .option('--json', 'print JSON')
    .action(async (group: string | undefined, options: SeekOptions) => {
      const request = {
        group: group ?? null,
        to: options.to,
        partition: options.partition ?? null,
        execute: options.execute === true,
        why: options.why ?? '',
      };
      const outcome = await withInstallation([], (installation) => installation.seekGroup(request));
      if (options.json) console.log(JSON.stringify(outcome, null, 2));
      else console.log(formatOutcome(outcome));
      if (outcome.kind === 'active') process.exitCode = 1;
    });
  return new Command('groups').addCommand(list).addCommand(seek);
}

function formatOutcome(outcome: SeekOutcome): string {
  switch (outcome.kind) {
    case 'planned': {
      const end =
        outcome.members.length > 0
          ? `${sayActive(outcome.members)} Then --execute does it.`
          : 'Nothing was changed; --execute does it.';
      return `${formatMoves(outcome.moves)}\n${end}`;
    }
    case 'moved':
      return `${formatMoves(outcome.moves)}\nDone.`;
    case 'active':
      return `Nothing was changed. ${sayActive(outcome.members)}`;
    case 'refused':
      throw new Refusal(outcome.reason);
  }
}

const sayActive = (members: readonly string[]): string =>
  `The group is at work (${members.join(', ')}): stop it first.`;

const formatMoves = (moves: readonly PlannedSeek[]): string =>
  table(
    ['partition', 'from', 'to', 'read again', 'skipped'],
    moves.map(({ topic, partition, from, to, again, skipped }) => [
      `${topic}/${partition}`,
      from ?? '-',
      to,
      again,
      skipped,
    ]),
  );

function formatGroup({ group, state, members, partitions }: ListedGroup): string {
  const held = members.map(({ member, partitions: count }) => `  ${member}: ${count} partitions`);
  const rows = partitions.map(({ topic, partition, position, committed, end, lag }) => [
    `${topic}/${partition}`,
    position ?? '-',
    committed ?? '-',
    end,
    lag,
  ]);
  return [
    `${group}: ${state}`,
    ...held,
    table(['partition', 'position', 'committed', 'end', 'lag'], rows),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, ...rows]
    .map(
      ([first, ...rest]) =>
        `${String(first).padEnd(16)}${rest.map((cell) => String(cell).padStart(12)).join('')}`,
    )
    .join('\n');
}

function readTarget(text: string): SeekTarget {
  const target = parseSeekTarget(text);
  if (target === null) throw new InvalidArgumentError('It is start, end, an offset, or a time in ISO 8601.');
  return target;
}

function readPartition(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is a number from 0.');
  return Number(text);
}
