import { Command } from 'commander';
import { formatKey, type IssueKey } from '../../contracts/issue.ts';
import type { IssueName } from '../../database/issue-reads.ts';
import type { TopicRemains } from '../../operations/measure-remains.ts';
import type { EraseResult } from '../../runtime/installation.ts';
import { Refusal } from '../../runtime/refusal.ts';
import { withInstallation } from '../with-installation.ts';
import { readIssue } from './read-issue.ts';

interface EraseOptions {
  readonly reason?: string;
  readonly execute?: true;
  readonly json?: true;
}

/** `dispatchai issues erase owner/repo#n`: a person asked for it to be forgotten. */
export const eraseCommand = (): Command =>
  new Command('erase')
    .description('erase what an issue said, for ever; shows what there is first')
    .argument('<issue>', 'owner/repo#number, or repository id#number for one that is not here', readIssue)
    .option('--execute', 'do it')
    .option('--reason <text>', 'for the audit, asked for with --execute; without names, since it stays')
    .option('--json', 'print JSON')
    .action(async (issue: IssueName | IssueKey, { reason, execute, json }: EraseOptions) => {
      if (execute && !reason) {
        throw new Refusal('--execute needs --reason <text>, which stays in the audit: name nobody in it');
      }
      const request = { issue, why: reason ?? '', execute: execute === true };
      const result = await withInstallation(execute ? ['relay'] : [], (installation) =>
        installation.eraseIssue(request),
      );
      if (result.outcome === 'unknown') {
        throw new Refusal(
          'there is no such issue; by <repository id>#<number> also one that is not here can be erased',
        );
      }
      console.log(json ? JSON.stringify(result, null, 2) : describe(result));
    });

type Found = Exclude<EraseResult, { outcome: 'unknown' }>;

function describe({ outcome, key, repository, counts, remains, published }: Found): string {
  const name = repository === '' ? formatKey(key) : `${repository}#${key.number} (${formatKey(key)})`;
  const { answers, sharedAnswers, corrections, events, failed, deadLetters } = counts;
  const lines = [
    outcome === 'erased' ? `Erased ${name}:` : `Of ${name} there is:`,
    counts.issues > 0 ? '  the issue itself' : '  no issue: it is not here',
    `  ${counted(corrections, 'correction')}`,
    `  ${counted(answers, 'answer')} of a model${sharedAnswers > 0 ? `; ${sharedAnswers} more stay, which another issue with the same text has too` : ''}`,
    `  ${counted(events, 'event')} with what it said${failed > 0 ? `, ${failed} of them waiting for another try` : ''}`,
    `  ${counted(deadLetters, 'dead letter')}`,
    'In the log:',
    `  issues.raw: ${remains.inRaw ? 'has records of it' : 'has no record of it that this database knows of'}`,
    ...remains.topics.map((topic) => `  ${sayUntil(topic)}`),
    'Backups that were made before keep it; what they restore has to follow the ledger.',
  ];
  return [...lines, sayEnd(outcome, published)].join('\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function sayUntil({ topic, compacted, until }: TopicRemains): string {
  const bound = until === null ? null : `by ${until} at the latest`;
  if (compacted) return `${topic}: superseded; gone with the next compaction${bound ? `, ${bound}` : ''}`;
  return bound ? `${topic}: gone ${bound}` : `${topic}: kept for ever, since its retention has no end`;
}

function sayEnd(outcome: Found['outcome'], published: boolean | null): string {
  if (outcome === 'planned') return 'Nothing was changed; --execute does it. It cannot be undone.';
  return published
    ? 'Done; the log has it.'
    : 'Done here; the log does not have all of it yet, and gets it as soon as the relay can.';
}
