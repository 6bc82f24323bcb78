import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { migrate } from '../migrate.ts';
import { openPostgres } from './open-postgres.ts';

// Starts as a service does, in a process of its own: URL and schema are its arguments.
const [, , url = '', schema = ''] = process.argv;
const database = await openPostgres({
  url,
  schema,
  connections: 2,
  applicationName: 'dispatchai start',
  clock: systemClock,
  logger: silent,
});
await migrate(database);
await database.close();
