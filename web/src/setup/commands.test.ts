import { expect, it } from 'vitest';
import type { Setup } from '../../../src/contracts/rest.ts';
import { forwardCommand, importCommand, readRepository, secretWord, shellWord } from './commands.ts';

const setup: Setup = {
  version: '0.1.0',
  profile: 'development',
  ingressUrl: 'http://127.0.0.1:8000',
  webhookPath: '/webhook/github',
  secretSource: 'generated',
  secret: "it's",
  samples: 0,
  classifier: 'local@a',
};

it.each([
  ['acme/shop', 'acme/shop'],
  [' https://github.com/acme/shop.git ', 'acme/shop'],
  ['https://github.com/acme/shop/', 'acme/shop'],
  ['acme', null],
  ['acme/shop; rm -rf ~', null],
  ['a/b/c', null],
])('reads %s as %s', (text, repository) => {
  expect(readRepository(text)).toBe(repository);
});

it('writes the tunnel, with the secret as one word of the shell', () => {
  expect(forwardCommand(setup, 'acme/shop', secretWord(setup, true))).toBe(
    `gh webhook forward --repo=acme/shop \\
  --events=issues,issue_comment \\
  --url=http://127.0.0.1:8000/webhook/github \\
  --secret='it'\\''s'`,
  );
});

it('hides a secret, and names the variable where it is not known', () => {
  expect(secretWord(setup, false)).not.toContain("it's");
  expect(secretWord({ ...setup, secret: null }, true)).toBe('"$GITHUB_WEBHOOK_SECRET"');
  expect(shellWord('abc-1')).toBe('abc-1');
});

it('writes the import', () => {
  expect(importCommand(null, true)).toContain('OWNER/REPO');
  expect(importCommand('acme/shop', false)).toBe(
    `(gh api repos/acme/shop; gh api --paginate 'repos/acme/shop/issues?state=all') |
  node bin/dispatchai.js import -`,
  );
});
