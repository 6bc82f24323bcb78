import { classifyDatabaseError } from '../../database/database-error.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { TopicPartitionOffset } from '../../log/event-log.ts';
import { ClassifierAwayError } from './fold-issues.ts';

/** Why an event could not be taken in, by its own fault. */
export interface Failure {
  /** What kind it is: a SQLSTATE, an error's name, or that it could not be read. */
  readonly kind: string;
  readonly message: string;
}

const longestMessage = 2_000;

export const unreadable = (reason: string): Failure => ({ kind: 'Unreadable', message: shorten(reason) });

export function failureOf(error: unknown): Failure {
  return { kind: kindOf(error), message: shorten(`could not be stored: ${messageOf(error)}`) };
}

/** The database, the log or the classifier is away: no event is to blame, and nothing counts as a try. */
export const isWorldsFault = (error: unknown): boolean =>
  error instanceof ClassifierAwayError || classifyDatabaseError(error) === 'world';

/**
 * The world's fault, and where what waits for it begins: a record that brings it about again and again is among those, and
 * holds its partition until somebody looks.
 */
export class BatchWaitsError extends Error {
  override readonly name = 'BatchWaitsError';
  constructor(cause: unknown, first: TopicPartitionOffset) {
    super(
      `${messageOf(cause)} (what waits begins at offset ${first.offset} of ${first.topic}/${first.partition})`,
      {
        cause,
      },
    );
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[0-9A-Z]{5}$/.test(code) ? `SQLSTATE ${code}` : storableText(error.name);
}

const shorten = (message: string): string => storableText(message.slice(0, longestMessage));
