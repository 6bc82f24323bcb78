import { inject } from 'vitest';
import { describeDatabase } from '../conformance/database-conformance.ts';
import { openServedScratch } from './served-scratch.fixture.ts';

describeDatabase('a served PostgreSQL', {
  concurrentTransactions: true,
  open: (contents) => openServedScratch(inject('databaseUrl'), { contents }),
});
