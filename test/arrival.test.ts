import { describe } from 'vitest';
import { arrival } from './arrival.ts';
import { embeddedStores } from './stores.ts';

describe('an issue on its way from GitHub to the browser', () => {
  arrival(async () => embeddedStores);
});
