import { describe, it } from 'vitest';
import { embeddedStores } from './stores.ts';
import { tellTheStory } from './story.ts';

describe('rows deleted behind its back, offsets set to the start, and then the whole database gone', () => {
  it('brings nothing back that was not asked for, and pays for nothing again', () =>
    tellTheStory(embeddedStores));
});
