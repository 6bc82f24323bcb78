import { expect, it } from 'vitest';
import { prettyLine } from './pretty-line.ts';

const time = new Date(2026, 0, 2, 3, 4, 5).getTime();

it('shows time, level, service, sentence and context', () => {
  const json = JSON.stringify({ level: 30, time, service: 'ingress', port: 8000, msg: 'listens' });
  expect(prettyLine(json, false)).toBe('03:04:05 info  ingress: listens  port=8000\n');
});

it('shows an error with its stack', () => {
  const json = JSON.stringify({
    level: 50,
    time,
    msg: 'failed',
    err: { message: 'no', stack: 'Error: no\n    at x' },
  });
  expect(prettyLine(json, false)).toBe('03:04:05 error failed\n    Error: no\n        at x\n');
});

it('lets no text of an issue steer the terminal', () => {
  const json = JSON.stringify({ level: 40, time, title: '\u001b]0;owned\u0007', msg: 'a\u001b[2Jb\nc' });
  const line = prettyLine(json, false);
  expect(line).not.toMatch(/\p{Cc}(?!$)/u);
  expect(line).toContain('a\ufffd[2Jb\ufffdc');
});

it('cuts long values', () => {
  const json = JSON.stringify({ level: 30, time, body: 'x'.repeat(10_000), msg: 'm' });
  expect(prettyLine(json, false).length).toBeLessThan(300);
});
