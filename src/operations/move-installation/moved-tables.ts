import type { Tables } from '../../database/tables.ts';

/**
 * Every table but those that belong to a database itself or to what runs on it. A new one does not compile before it
 * is placed. Positions are carried over by offset instead (`carried-positions.ts`).
 */
export type MovedTable = Exclude<
  keyof Tables,
  'positions' | 'pairing' | 'pairing_choices' | 'leases' | 'scheduled_runs'
>;

/** How the rows of a table are paged through. */
export interface TableToCopy {
  /** Its primary key. */
  readonly key: readonly string[];
  /** Columns of text or bytes whose values can be large; the others of a row are small. */
  readonly wide: readonly string[];
}

export const movedTables: Readonly<Record<MovedTable, TableToCopy>> = {
  events: { key: ['delivery_id'], wide: ['payload'] },
  issues: { key: ['repository_id', 'number'], wide: ['body'] },
  classifications: { key: ['repository_id', 'number'], wide: [] },
  corrections: { key: ['repository_id', 'number', 'field'], wide: [] },
  ai_answers: { key: ['cache_key'], wide: [] },
  ai_tasks: { key: ['repository_id', 'number'], wide: [] },
  ai_calls: { key: ['cache_key'], wide: [] },
  ai_contents: { key: ['repository_id', 'number', 'content_hash'], wide: [] },
  deletions: { key: ['repository_id', 'number'], wide: [] },
  outbox: { key: ['topic', 'key'], wide: [] },
  audit: { key: ['id'], wide: [] },
};

export const movedTableNames = Object.keys(movedTables) as readonly MovedTable[];
