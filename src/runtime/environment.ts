import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over the `.env` file of the directory it was started in; an empty value is no value. */
export function readEnvironment(directory: string, real: Environment): Environment {
  const merged = { ...readFile(join(directory, '.env')), ...withoutEmpty(real) };
  return withoutEmpty(merged);
}

function readFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Compose files and `.env` templates leave `NAME=` behind for what is not set. */
const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
