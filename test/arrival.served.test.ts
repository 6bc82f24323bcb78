import { describe, inject } from 'vitest';
import { arrival } from './arrival.ts';
import { openStores, servedCombinations } from './stores.ts';

describe.each(servedCombinations)(
  'an issue on its way from GitHub to the browser: log $log, database $database',
  (combination) => {
    arrival(() => openStores(combination, inject('databaseUrl')));
  },
);
