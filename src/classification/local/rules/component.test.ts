import { expect, test } from 'vitest';
import { component } from './component.ts';
import { readIssue } from './read-issue.fixture.ts';

const named = (title: string, body = '') => component(readIssue(title, body)).value;

test.each([
  ['[DevTools Bug] Cannot add node "1"', 'DevTools'],
  ['[Bug]: [compiler] wrong memo', 'compiler'],
  ['[Compiler Bug]: useMemo is dropped', 'Compiler'],
  ['fix(router): links lose their hash', 'router'],
  ['videoio: cannot open a camera on Windows', 'videoio'],
  ['area: terminal renders twice', null],
  ['Bug: useEffect runs twice', null],
  ['TypeError: x is not a function', null],
  ['Uncaught Error: boom', null],
  ['How to do this: a question', null],
  ['[4.5.1] crash on start', null],
  ['[Feature Request] dark mode', null],
  ['Plain title', null],
])('the component of %j is %j', (title, expected) => {
  expect(named(title)).toBe(expected);
});

test("a form's answer under its heading", () => {
  expect(named('It breaks', '### Component\n\nScheduler\n\n### What happened\n\nIt broke.')).toBe(
    'Scheduler',
  );
  expect(named('It breaks', '### Component\n\n_No response_\n\n### What happened\n\nIt broke.')).toBeNull();
});

test('a line such as "Area: x"', () => {
  expect(named('It breaks', 'Area: Remote SSH\nIt breaks when I connect.')).toBe('Remote SSH');
});

test('the package of a path', () => {
  expect(named('Import fails', 'See `packages/react-dom/src/client.js`.')).toBe('react-dom');
});

test('hostile titles give short plain text or nothing', () => {
  expect(named(`[${'x'.repeat(500)}] a`)).toBeNull();
  expect(named('[\u202egnp.exe\u0000] a')).toBe('gnp.exe');
  expect(named('['.repeat(500))).toBeNull();
});
