import { expect, it } from 'vitest';
import { diagnose } from './doctor.ts';

it('never shows a secret', () => {
  const environment = {
    DISPATCHAI_TOKEN: 'hunter2hunter2hunter2',
    GITHUB_WEBHOOK_SECRET: 'swordfish-swordfish',
    OPENAI_API_KEY: 'sk-open-sesame',
    DATABASE_URL: 'postgres://user:opensesame@db/x',
  };
  const text = JSON.stringify(diagnose(environment, '/tmp'));
  for (const secret of ['hunter2', 'swordfish', 'sesame']) expect(text).not.toContain(secret);
  expect(text).toContain('set (not shown)');
});

it('lists problems and warnings apart', () => {
  expect(diagnose({ HOST: '0.0.0.0' }, '/tmp').problems[0]).toContain('DISPATCHAI_TOKEN');
  expect(diagnose({ GITHUB_WEBHOOK_SECRET: 'short' }, '/tmp').warnings[0]).toContain('GITHUB_WEBHOOK_SECRET');
});
