import type { Setup } from '../../../src/contracts/rest.ts';

const name = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;

/** A repository as typed or pasted (`owner/name` or its address), or null. Only names come back, so it is safe in a shell. */
export function readRepository(text: string): string | null {
  const path = text
    .trim()
    .replace(/^https?:\/\/(www\.)?github\.com\//i, '')
    .replace(/(\.git)?\/?$/, '');
  return name.test(path) ? path : null;
}

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export const placeholder = 'OWNER/REPO';

/** The tunnel that brings GitHub's webhooks to this machine. `secret` is what stands for the secret. */
export const forwardCommand = (setup: Setup, repository: string | null, secret: string): string =>
  [
    `gh webhook forward --repo=${repository ?? placeholder}`,
    '--events=issues,issue_comment',
    `--url=${shellWord(new URL(setup.webhookPath, setup.ingressUrl).href)}`,
    `--secret=${secret}`,
  ].join(' \\\n  ');

/** How the secret stands in the command: itself, dots while hidden, or the variable that holds it. */
export function secretWord(setup: Setup, shown: boolean): string {
  if (setup.secret === null) return '"$GITHUB_WEBHOOK_SECRET"';
  return shown ? shellWord(setup.secret) : '••••••••';
}

export const importCommand = (repository: string | null, packaged: boolean): string => {
  const repo = repository ?? placeholder;
  const read = `(gh api repos/${repo}; gh api --paginate 'repos/${repo}/issues?state=all')`;
  return `${read} |\n  ${packaged ? 'npx dispatchai import -' : 'node bin/dispatchai.js import -'}`;
};
