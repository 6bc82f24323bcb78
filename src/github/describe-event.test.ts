import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { describeEvent } from './describe-event.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const payload = (action: string, more: object = {}, issue: object = {}) =>
  bytes({
    action,
    issue: {
      number: 1,
      title: 'New',
      html_url: 'u',
      state: 'closed',
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      ...issue,
    },
    repository: { id: 1, full_name: 'o/r' },
    ...more,
  });

it('says what the action was about', () => {
  const cases: readonly (readonly [Buffer, string | null])[] = [
    [payload('labeled', { label: { name: 'good first issue' } }), 'good first issue'],
    [payload('unlabeled'), null],
    [payload('assigned', { assignee: { login: 'mona' } }), 'mona'],
    [payload('milestoned', {}, { milestone: { title: 'v2' } }), 'v2'],
    [payload('demilestoned', { milestone: { title: 'v1' } }, { milestone: null }), 'v1'],
    [payload('typed', { type: { name: 'Bug' } }), 'Bug'],
    [payload('closed', {}, { state_reason: 'not_planned' }), 'as not planned'],
    [payload('closed'), null],
    [payload('locked', {}, { active_lock_reason: 'too heated' }), 'as too heated'],
    [payload('edited', { changes: { title: { from: 'Old' } } }), 'the title, “Old” → “New”'],
    [payload('edited', { changes: { body: { from: 'x' } } }), 'the text'],
    [
      payload('edited', { changes: { title: { from: 'Old' }, body: { from: 'x' } } }),
      'the title, “Old” → “New”, and the text',
    ],
    [payload('edited'), null],
    [payload('opened'), null],
    [payload('constructor'), null],
  ];
  for (const [json, detail] of cases) expect(describeEvent('issues', json)).toBe(detail);
});

it('says nothing about a comment, nor about what it cannot read', () => {
  expect(describeEvent('issue_comment', payload('edited', { changes: { body: { from: 'x' } } }))).toBeNull();
  for (const odd of ['{', 'null', '{}', '[]']) expect(describeEvent('issues', Buffer.from(odd))).toBeNull();
});

it('keeps hostile text short and on one line', () => {
  const name = `\u0000\u001b[31m\ud800\n${'\u{1f600}'.repeat(500)}`;
  const detail = describeEvent('issues', payload('labeled', { label: { name } })) ?? '';
  expect(detail.length).toBeLessThanOrEqual(120);
  expect(detail).not.toMatch(/\p{Cc}/u);
  expect(detail.isWellFormed()).toBe(true);
});

it('reads every payload of the examples', () => {
  const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json');
  const events = JSON.parse(readFileSync(path, 'utf8')) as { name: string; examples: { action: string }[] }[];
  const issues = events.find(({ name }) => name === 'issues')?.examples ?? [];
  const told = issues.filter((example) => describeEvent('issues', bytes(example)) !== null);
  expect(new Set(told.map(({ action }) => action))).toContain('labeled');
});
