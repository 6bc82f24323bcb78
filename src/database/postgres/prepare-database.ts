import type { Logger } from '../../effects/telemetry.ts';
import { classifyDatabaseError } from '../database-error.ts';
import type { PostgresSession } from './postgres-session.ts';

/** The oldest that the tests' statements were tried on, and that still gets repairs. */
const oldestVersion = 15;

type Session = Pick<PostgresSession, 'query' | 'gone'>;

export type PrepareOutcome =
  | {
      readonly kind: 'prepared';
      /** Where pgvector's types are; null without it. */
      readonly vectorSchema: string | null;
    }
  | { readonly kind: 'unusable'; readonly reason: string };

/**
 * Looks whether the server will do, and makes the schema, and the extension `vector` where it is installed. Several
 * processes may do so at once: `if not exists` alone fails for all but one, so they take turns.
 * @param mode `look` makes nothing
 */
export async function prepareDatabase(
  session: Session,
  schema: string,
  logger: Logger,
  mode: 'make' | 'look' = 'make',
): Promise<PrepareOutcome> {
  const { rows } = await session.query(`
    select current_setting('server_version_num')::integer / 10000 as major,
           current_setting('server_version') as version, current_setting('server_encoding') as encoding`);
  const { major, version, encoding } = rows[0] as { major: number; version: string; encoding: string };
  if (major < oldestVersion) {
    return { kind: 'unusable', reason: `it is version ${version}, and ${oldestVersion} or newer is needed` };
  }
  if (encoding !== 'UTF8') {
    return { kind: 'unusable', reason: `the database's encoding is ${encoding}, and UTF8 is needed` };
  }
  if (mode === 'look') return { kind: 'prepared', vectorSchema: await findVector(session) };
  await session.query("begin; select pg_advisory_xact_lock(hashtextextended('dispatchai schemas', 0))");
  const made = await session.query('select from pg_namespace where nspname = $1', [schema]);
  if (made.rows.length === 0) await session.query(`create schema "${schema}"`);
  const vectorSchema = (await findVector(session)) ?? (await makeVector(session, logger));
  await session.query('commit');
  return { kind: 'prepared', vectorSchema };
}

async function findVector(session: Session): Promise<string | null> {
  const { rows } = await session.query(
    `select nspname as name from pg_extension join pg_namespace n on n.oid = extnamespace where extname = 'vector'`,
  );
  return (rows[0] as { name: string } | undefined)?.name ?? null;
}

/**
 * An extension belongs to the database, its types to one schema. In `public` they outlive the schema of a branch that
 * happened to come first.
 */
async function makeVector(session: Session, logger: Logger): Promise<string | null> {
  const { rows } = await session.query(`select from pg_available_extensions where name = 'vector'`);
  if (rows.length === 0) return null;
  await session.query('savepoint extension');
  try {
    await session.query('create extension vector with schema public');
    return 'public';
  } catch (error) {
    if (session.gone.aborted || (classifyDatabaseError(error) === 'world' && !isForbidden(error)))
      throw error;
    logger.warn({ error }, 'pgvector is installed, but the extension "vector" could not be made');
    await session.query('rollback to extension');
    return null;
  }
}

const isForbidden = (error: unknown) => error instanceof Error && 'code' in error && error.code === '42501';
