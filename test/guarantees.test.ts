import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('docs/guarantees.md', root), 'utf8');
const named = [...text.matchAll(/`((?:src|test|web)\/[\w./-]+)`/g)].map(([, path = '']) => path);
const exists = (path: string) => existsSync(fileURLToPath(new URL(path, root)));

it('every file that the guarantees name is there', () => {
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((path) => !exists(path))).toEqual([]);
});

it('every promise names what keeps it and what shows it', () => {
  const rows = text.split('\n').filter((line) => /^\| .*`src\//.test(line) && !line.startsWith('| promise'));
  expect(rows.length).toBeGreaterThan(40);
  const shows = (row: string) =>
    /simulator|kills|stress|`[^`]*(\.test\.tsx?|\/conformance\/[^`]*)`/.test(row.split('|').at(-2) ?? '');
  expect(rows.filter((row) => !shows(row))).toEqual([]);
});
