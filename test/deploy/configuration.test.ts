import { expect, it } from 'vitest';
import { fileVariables, variables } from '../../src/runtime/variables.ts';
import { knownVariables, readText } from './read-deploy.ts';

/** Rows of the guide's tables: name, whether a file may hold it, default. */
const rows = [
  ...readText('docs/guides/configuration.md').matchAll(/^\| `([A-Z_]+)`( ▤)? \| (?:`([^`]*)`)? ?\|/gm),
].map(([, name = '', file, standard]) => ({ name, file: file !== undefined, standard }));

it('explains every variable once, with its default', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(variables).sort());
  for (const { name, standard } of rows) {
    const schema = variables[name as keyof typeof variables];
    const parsed: unknown = schema.safeParse(undefined).data;
    const shown =
      parsed === undefined || (Array.isArray(parsed) && parsed.length === 0) ? undefined : String(parsed);
    expect(standard, name).toBe(shown);
  }
});

it('marks those that may come from a file', () => {
  expect(
    rows
      .filter(({ file }) => file)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...fileVariables].sort());
});

it.each([
  'README.md',
  'deploy/README.md',
  'docs/guides/branches.md',
  'docs/guides/from-laptop-to-cluster.md',
  'docs/guides/running-on-kafka-and-postgresql.md',
])('%s sets no variable that does not exist', (file) => {
  const set = [...readText(file).matchAll(/\b([A-Z][A-Z_]{3,})=/g)].map(([, name = '']) => name);
  const others = ['DISPATCHAI_IMAGE'];
  expect(set.filter((name) => !knownVariables.has(name) && !others.includes(name))).toEqual([]);
});
