import { describeDatabase } from '../conformance/database-conformance.ts';
import { openScratchDatabase } from './scratch-database.ts';

describeDatabase('PGlite', { open: openScratchDatabase, concurrentTransactions: false });
