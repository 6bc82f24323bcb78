import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import type { Logger } from '../effects/telemetry.ts';
import { Refusal } from './refusal.ts';

/** The schema of this program, whoever opens it first. @throws Refusal when a newer program has been there */
export async function bringUpToDate(
  database: Database,
  { logger }: { readonly logger: Logger },
): Promise<void> {
  const migrated = await migrate(database);
  if (migrated.kind === 'newer') throw new Refusal(migrated.message);
  if (migrated.applied.length > 0) {
    logger.info({ migrations: migrated.applied }, 'database schema brought up to date');
  }
}
