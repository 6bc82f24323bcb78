import { describe, inject, it } from 'vitest';
import { openStores, servedCombinations } from './stores.ts';
import { tellTheStory } from './story.ts';

describe('rows deleted behind its back, offsets set to the start, and then the whole database gone', () => {
  it.each(servedCombinations.filter(({ log, database }) => log === 'Kafka' && database === 'PostgreSQL'))(
    'brings nothing back that was not asked for, and pays for nothing again: log $log, database $database',
    async (combination) => {
      const stores = await openStores(combination, inject('databaseUrl'));
      try {
        await tellTheStory(stores);
      } finally {
        await stores.remove();
      }
    },
  );
});
