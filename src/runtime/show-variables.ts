import type { Environment } from './environment.ts';
import { databasePlace } from './judge-open-failure.ts';
import { fileVariables, secretVariables, variables } from './variables.ts';

export interface ShownVariable {
  readonly name: string;
  readonly value: string;
  /** False where the value is the default. */
  readonly set: boolean;
}

/** Every variable with its value, as anybody may see it. */
export function showVariables(environment: Environment): readonly ShownVariable[] {
  return Object.entries(variables).map(([name, schema]) => {
    const file = fileVariables.includes(name) ? environment[`${name}_FILE`] : undefined;
    const set = environment[name] ?? file;
    const standard = schema.safeParse(undefined).data;
    return {
      name,
      set: set !== undefined,
      value:
        environment[name] === undefined && file !== undefined
          ? `from ${file}`
          : shown(name, environment[name] ?? standard),
    };
  });
}

function shown(name: string, value: unknown): string {
  if (value === undefined || String(value) === '') return 'not set';
  const text = String(value);
  if (name === 'DATABASE_URL' && URL.canParse(text) && new URL(text).host !== '') {
    return `${databasePlace(text)} (user and password not shown)`;
  }
  // PEM text is long, and its lines mean nothing to a reader.
  return secretVariables.has(name) || fileVariables.includes(name) ? 'set (not shown)' : text;
}
