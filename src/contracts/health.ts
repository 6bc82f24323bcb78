import { z } from 'zod';

/**
 * Readiness of a process: 200 when every service in it is ready, else 503 with a reason for each that is not. A service
 * that is `serving` answers requests nevertheless: `/health/ready`, by which traffic is sent here, is 200 then.
 */
export const Health = z.object({
  status: z.enum(['ready', 'starting', 'unhealthy', 'stopping']),
  services: z.record(
    z.string(),
    z.object({ ready: z.boolean(), reason: z.string().nullable(), serving: z.boolean().optional() }),
  ),
});
export type Health = z.infer<typeof Health>;

/** How log, database and offsets stand to each other. `degraded` is answered with 503. */
export const Consistency = z.object({
  status: z.enum(['healthy', 'degraded']),
  reasons: z.array(z.string()),
  /** What is worth knowing and not wrong. */
  notes: z.array(z.string()).optional(),
  kafka_consumer_lag: z.number().int(),
  /** Issues in the database. */
  database_records: z.number().int(),
  partitions: z.array(
    z.object({
      topic: z.string(),
      partition: z.number().int(),
      start: z.number().int(),
      end: z.number().int(),
      /** Next offset by the database; it decides. Null when never claimed. */
      position: z.number().int().nullable(),
      /** Next offset by the log's group; a mirror. Null when never committed. */
      committed: z.number().int().nullable(),
      /** Records between position and end. */
      lag: z.number().int(),
    }),
  ),
  pairing: z.object({
    status: z.enum(['paired', 'unpaired', 'mismatch']),
    databaseId: z.string(),
    clusterId: z.string().nullable(),
    logClusterId: z.string(),
    /** The database that the log names; null when it names none. */
    logDatabaseId: z.string().nullable().optional(),
    /** What was found; null when there is nothing to say. */
    reason: z.string().nullable().optional(),
    /** What an operator can choose, and what each choice does; empty when there is nothing to choose. */
    choices: z
      .array(z.object({ choice: z.enum(['rebuild', 'adopt', 'halt']), effect: z.string() }))
      .optional(),
    /** What was chosen the last time. `at` is ISO 8601; `records` of `issues.raw` were in the log then. */
    chosen: z
      .object({ choice: z.enum(['rebuild', 'adopt']), at: z.string(), records: z.number().int() })
      .nullable()
      .optional(),
  }),
  /** Events that failed and wait for another try. */
  failed: z.number().int(),
  /** Events that failed all of their tries, and were published as dead letters. */
  dead: z.number().int(),
  /** Events that were applied, whose issue is neither there nor in the ledger. */
  missing: z.object({
    count: z.number().int(),
    sample: z.array(z.string()),
    repair: z.string().nullable(),
    checkedAt: z.string().nullable(),
  }),
  outbox: z.number().int(),
});
export type Consistency = z.infer<typeof Consistency>;
