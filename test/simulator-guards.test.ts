import { expect, test } from 'vitest';
import { mutations } from './simulator/mutations/mutations.ts';
import { simulate } from './simulator/simulate-apart.ts';

const withinSeeds = '150';
test.each(Object.keys(mutations))(
  'without its guard it fails: %s',
  { timeout: 300_000 },
  async (mutation) => {
    const { code, text } = await simulate('--mutation', mutation, '--runs', withinSeeds, '--first');
    expect({ code, text }).toMatchObject({ code: 1 });
    expect(text).toContain('fails:');
  },
);
