import { describe, inject, it } from 'vitest';
import { killInTheMiddle } from './kill-in-the-middle.ts';
import { openStores, servedCombinations } from './stores.ts';

/** The others are killed more often in `kills/`. */
const mixed = servedCombinations.filter(({ log, database }) => log === 'embedded' || database === 'embedded');

describe('kill -9 in the middle of 500 webhooks', () => {
  it.each(mixed)(
    'loses nothing and counts nothing twice: log $log, database $database',
    async (combination) => {
      const stores = await openStores(combination, inject('databaseUrl'));
      try {
        await killInTheMiddle(stores, { webhooks: 500, kills: 2 });
      } finally {
        await stores.remove();
      }
    },
  );
});
