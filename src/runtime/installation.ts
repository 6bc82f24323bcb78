import type { Consistency, Health } from '../contracts/health.ts';
import type { IssueKey } from '../contracts/issue.ts';
import type { Database } from '../database/database.ts';
import { findIssueKey, type IssueName } from '../database/issue-reads.ts';
import type { Clock } from '../effects/clock.ts';
import type { EventLog, NewRecord } from '../log/event-log.ts';
import { checkConsistency } from '../operations/check-consistency.ts';
import { countMissing } from '../operations/count-missing.ts';
import { awaitDeletionPublished, deleteIssue } from '../operations/delete-issue.ts';
import { type ListedGroup, listGroups } from '../operations/list-groups.ts';
import { removeSamples } from '../operations/remove-samples.ts';
import { type SeekGroup, type SeekOutcome, seekGroup } from '../operations/seek-group.ts';

export interface Status {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly dataDirectory: string;
  readonly pageUrl: string | null;
  readonly ingressUrl: string | null;
  readonly health: Health;
}

export type DeleteResult =
  /** `barred`: it was not here, and the ledger keeps it away all the same. */
  | {
      readonly outcome: 'deleted' | 'barred';
      readonly published: boolean;
      readonly repository: string;
    }
  | { readonly outcome: 'unknown' };

/** What the command line asks of an installation, whether a server runs it or its files are opened directly. */
export interface Installation {
  status(): Promise<Status>;
  consistency(): Promise<Consistency>;
  /**
   * By a name only what is here can be found; by its key also what is missing or was never seen. `published`: the log's
   * ledger topic has it, so no rebuild brings it back.
   */
  deleteIssue(issue: IssueName | IssueKey): Promise<DeleteResult>;
  removeSamples(): Promise<{ readonly removed: number }>;
  append(records: readonly NewRecord[]): Promise<void>;
  groups(): Promise<readonly ListedGroup[]>;
  /** `group` is the installation's own, or null for it: of another one this database has no positions. */
  seekGroup(request: Omit<SeekGroup, 'by'> & { readonly group: string | null }): Promise<SeekOutcome>;
  /** The largest lag of any partition of the raw topic. */
  lag(): Promise<number>;
}

export interface InstallationParts {
  readonly database: Database;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly group: string;
  readonly status: () => Status;
}

const publishWithinMs = 10_000;
const by = 'the command line';

export function localInstallation({ database, log, clock, group, status }: InstallationParts): Installation {
  const queries = database.queries;
  return {
    status: async () => status(),
    consistency: async () =>
      checkConsistency({ database, log, group }, await countMissing({ queries, clock })),
    deleteIssue: async (issue) => {
      const named = 'repository' in issue;
      const key = named ? await findIssueKey(queries, issue) : issue;
      if (key === null) return { outcome: 'unknown' };
      const repository = named ? issue.repository : '';
      const deleted = await deleteIssue({ database, clock }, { key, repository, by });
      const published = await awaitDeletionPublished({ database, clock }, key, publishWithinMs);
      return {
        outcome: deleted.outcome,
        published: published === 'published',
        repository: deleted.repository,
      };
    },
    removeSamples: () => removeSamples({ database, clock }, by),
    append: async (records) => void (await log.append(records)),
    groups: () => listGroups({ database, log, group }),
    seekGroup: async ({ group: asked, ...request }) => {
      if (asked === null || asked === group) return seekGroup({ database, log, group }, { ...request, by });
      return { kind: 'refused', reason: `this installation has positions of ${group} only, not of ${asked}` };
    },
    lag: async () => {
      const none = { count: 0, sample: [], repair: null, checkedAt: null };
      const { partitions } = await checkConsistency({ database, log, group }, none);
      return Math.max(0, ...partitions.map((partition) => partition.lag));
    },
  };
}
