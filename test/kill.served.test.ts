import { describe, inject, it } from 'vitest';
import { killInTheMiddle } from './kill-in-the-middle.ts';
import { openStores, servedCombinations } from './stores.ts';

describe('kill -9 in the middle of 1,000 webhooks', () => {
  it.each(servedCombinations)(
    'loses nothing and counts nothing twice: log $log, database $database',
    async (combination) => {
      const stores = await openStores(combination, inject('databaseUrl'));
      try {
        await killInTheMiddle(stores, { webhooks: 1000, kills: 2 });
      } finally {
        await stores.remove();
      }
    },
  );
});
