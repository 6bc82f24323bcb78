import { isDeepStrictEqual } from 'node:util';
import { type Correction, type FieldName, fieldNames } from '../contracts/classification.ts';
import { formatKey, type IssueKey } from '../contracts/issue.ts';
import type { Issue } from '../contracts/rest.ts';
import { topics } from '../contracts/topics.ts';
import { readCorrectable, writeCorrections } from '../database/corrections.ts';
import type { Database } from '../database/database.ts';
import { readIssue } from '../database/issue-reads.ts';
import { lockIssueKeys } from '../database/key-locks.ts';
import { owe } from '../database/outbox.ts';
import { storableText } from '../domain/storable-text.ts';
import { nextVersion } from '../domain/version.ts';
import type { Clock } from '../effects/clock.ts';

export interface CorrectClassification {
  readonly key: IssueKey;
  /** The version that the person looked at. */
  readonly version: number;
  readonly set: Correction;
  /** Fields that go back to the classifier's answer. */
  readonly undo: readonly FieldName[];
  readonly by: string;
}

export type CorrectionOutcome =
  | { readonly outcome: 'corrected'; readonly issue: Issue }
  /** Everything is as asked already: no new version. */
  | { readonly outcome: 'unchanged'; readonly issue: Issue }
  | { readonly outcome: 'version-conflict'; readonly version: number }
  | { readonly outcome: 'not-found' };

/** A person's correction, field by field; no model changes it afterwards. */
export function correctClassification(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  request: CorrectClassification,
): Promise<CorrectionOutcome> {
  const { key } = request;
  return database.transaction(async (transaction): Promise<CorrectionOutcome> => {
    await lockIssueKeys(transaction, [key]);
    const held = await readCorrectable(transaction, key);
    if (!held) return { outcome: 'not-found' };
    if (held.version !== request.version) return { outcome: 'version-conflict', version: held.version };
    const { set, undo } = changes(held.corrections, request);
    const changed = set.length > 0 || undo.length > 0;
    if (changed) {
      const now = clock.now();
      const version = nextVersion([held.version, held.ledgerVersion], now);
      await writeCorrections(transaction, key, { set, undo, by: request.by, at: new Date(now), version });
      await owe(transaction, [{ topic: topics.enriched, key: formatKey(key), version }]);
    }
    const issue = await readIssue(transaction, key);
    if (!issue) return { outcome: 'not-found' };
    return { outcome: changed ? 'corrected' : 'unchanged', issue };
  });
}

/** What differs from what people set before. A field that is both set and undone is set. */
function changes(before: Correction, request: CorrectClassification) {
  return {
    set: fieldNames.flatMap((field) => {
      const value = storable(request.set[field]);
      return value === undefined || isDeepStrictEqual(value, before[field]) ? [] : [{ field, value }];
    }),
    undo: request.undo.filter((field) => before[field] !== undefined && request.set[field] === undefined),
  };
}

type FieldValue = Correction[FieldName];

function storable(value: FieldValue): FieldValue {
  if (Array.isArray(value)) return value.map(storableText);
  // The closed lists hold nothing that would be replaced.
  return typeof value === 'string' ? (storableText(value) as typeof value) : value;
}
