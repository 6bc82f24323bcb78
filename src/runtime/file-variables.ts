import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from './environment.ts';
import { fileVariables } from './variables.ts';

export interface FilledEnvironment {
  /** With the files' texts as values, and without the names of the files. */
  readonly environment: Environment;
  /** One line for each file that gives no value, naming its variable. */
  readonly problems: readonly string[];
}

/**
 * Takes the values that come from files: `NAME_FILE=/run/secrets/name` for `NAME`, so that a secret stands in no
 * environment. Whitespace at the end of a file is an editor's.
 * @param directory what relative paths start from
 */
export function fillFromFiles(
  environment: Environment,
  directory: string,
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): FilledEnvironment {
  const filled: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of fileVariables) {
    const variable = `${name}_FILE`;
    const file = environment[variable];
    delete filled[variable];
    if (file === undefined) continue;
    if (environment[name] !== undefined) {
      problems.push(`${name}: ${variable} is set too; unset one of the two`);
      continue;
    }
    const value = textOf(() => read(resolve(directory, file)));
    if (value.kind === 'read') filled[name] = value.text;
    else problems.push(`${variable}: ${file} ${value.reason}`);
  }
  return { environment: filled, problems };
}

type Text =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unread'; readonly reason: string };

function textOf(read: () => string): Text {
  try {
    const text = read().trimEnd();
    return text === '' ? { kind: 'unread', reason: 'is empty' } : { kind: 'read', text };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { kind: 'unread', reason: `cannot be read (${String(error.code)})` };
  }
}
