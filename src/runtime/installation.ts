import type { Consistency, Health } from '../contracts/health.ts';
import type { IssueKey } from '../contracts/issue.ts';
import type { Database } from '../database/database.ts';
import { findDeletedKey } from '../database/deletions.ts';
import { countErasable, type ErasableCounts } from '../database/erasures.ts';
import { findIssueKey, type IssueName } from '../database/issue-reads.ts';
import type { Clock } from '../effects/clock.ts';
import type { EventLog, NewRecord } from '../log/event-log.ts';
import { checkConsistency } from '../operations/check-consistency.ts';
import { countMissing } from '../operations/count-missing.ts';
import { awaitDeletionPublished, deleteIssue } from '../operations/delete-issue.ts';
import { awaitErasurePublished, eraseIssue } from '../operations/erase-issue.ts';
import { type ListedGroup, listGroups } from '../operations/list-groups.ts';
import { type LogRemains, measureRemains } from '../operations/measure-remains.ts';
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

export interface EraseRequest {
  readonly issue: IssueName | IssueKey;
  /** For the audit. */
  readonly why: string;
  /** Does it; shows what there is when false. */
  readonly execute: boolean;
}

export type EraseResult =
  | {
      readonly outcome: 'planned' | 'erased';
      readonly key: IssueKey;
      readonly repository: string;
      /** What there is, or was. */
      readonly counts: ErasableCounts;
      readonly remains: LogRemains;
      /** Whether the log has everything that the erasure sends to it; null when it was only planned. */
      readonly published: boolean | null;
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
  /** By a name also what is deleted already can be found; by its key also what was never seen. */
  eraseIssue(request: EraseRequest): Promise<EraseResult>;
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
    eraseIssue: async ({ issue, why, execute }) => {
      const named = 'repository' in issue;
      const key = named
        ? ((await findIssueKey(queries, issue)) ?? (await findDeletedKey(queries, issue)))
        : { repositoryId: issue.repositoryId, number: issue.number };
      if (key === null) return { outcome: 'unknown' };
      const repository = named ? issue.repository : '';
      const remains = await measureRemains({ queries, log, clock }, key);
      if (!execute) {
        const counts = await countErasable(queries, key);
        return { outcome: 'planned', key, repository, counts, remains, published: null };
      }
      const erased = await eraseIssue({ database, clock }, { key, repository, by, why });
      const published = await awaitErasurePublished({ database, clock }, key, publishWithinMs);
      return {
        outcome: 'erased',
        key,
        repository: erased.repository,
        counts: erased.counts,
        remains,
        published: published === 'published',
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
