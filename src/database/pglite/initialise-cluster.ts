import { PGlite } from '@electric-sql/pglite';
import { serverParameters } from './server-settings.ts';

// A child process: makes the data directory named by its argument and ends. It may be orphaned in the middle; then
// nobody renames what it made.
const directory = process.argv[2];
if (directory === undefined) throw new Error('which directory?');
process.on('disconnect', () => process.exit(1));

const database = await PGlite.create(directory, { startParams: serverParameters(false) });
await database.exec('checkpoint');
await database.close();
process.exit(0);
