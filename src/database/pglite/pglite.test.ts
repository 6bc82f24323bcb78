import { describeDatabase } from '../conformance/database-conformance.ts';
import { openScratchDatabase } from './scratch-database.fixture.ts';

describeDatabase('PGlite', { open: openScratchDatabase, concurrentTransactions: false });
