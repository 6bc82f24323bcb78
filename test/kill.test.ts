import { describe, it } from 'vitest';
import { killInTheMiddle } from './kill-in-the-middle.ts';
import { embeddedStores } from './stores.ts';

describe('kill -9 in the middle of 2,000 webhooks', () => {
  it('loses nothing that was accepted, and counts nothing twice', () =>
    killInTheMiddle(embeddedStores, { webhooks: 2000, kills: 3 }));
});
