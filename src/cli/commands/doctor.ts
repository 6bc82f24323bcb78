import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { type Config, readConfig } from '../../runtime/config.ts';
import { type Environment, readEnvironment } from '../../runtime/environment.ts';
import { pageDirectory } from '../../runtime/page-directory.ts';
import { secretVariables, variables } from '../../runtime/variables.ts';

interface Diagnosis {
  readonly variables: readonly { readonly name: string; readonly value: string; readonly set: boolean }[];
  /** Must be changed before it starts. */
  readonly problems: readonly string[];
  /** Works, and is probably not meant. */
  readonly warnings: readonly string[];
}

/** `dispatchai doctor`: the configuration with its secrets masked, and what is missing or weak. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'print JSON')
    .action(({ json }: { readonly json?: boolean }) => {
      const diagnosis = diagnose(readEnvironment(process.cwd(), process.env), process.cwd());
      console.log(json ? JSON.stringify(diagnosis, null, 2) : format(diagnosis));
      process.exitCode = diagnosis.problems.length === 0 ? 0 : 1;
    });
}

export function diagnose(environment: Environment, directory: string): Diagnosis {
  const outcome = readConfig(environment, directory);
  const found = outcome.kind === 'valid' ? aboutMachine(outcome.config) : { problems: [], warnings: [] };
  return {
    variables: Object.entries(variables).map(([name, schema]) => ({
      name,
      set: environment[name] !== undefined,
      value: shown(name, environment[name] ?? schema.safeParse(undefined).data),
    })),
    problems: [...(outcome.kind === 'invalid' ? outcome.problems : []), ...found.problems],
    warnings: [...(outcome.kind === 'valid' ? outcome.warnings : []), ...found.warnings],
  };
}

function shown(name: string, value: unknown): string {
  const text = value === undefined || String(value) === '' ? 'not set' : String(value);
  return secretVariables.has(name) && text !== 'not set' ? 'set (not shown)' : text;
}

function aboutMachine({ dataDirectory }: Config) {
  const problems: string[] = [];
  let existing = dataDirectory;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    problems.push(`DISPATCHAI_DATA_DIR: ${existing} is not writable`);
  }
  const warnings = pageDirectory() === null ? ['the page is not built; `npm start` builds it'] : [];
  return { problems, warnings };
}

function format({ variables: all, problems, warnings }: Diagnosis): string {
  return [
    ...all.map(
      ({ name, value, set }) =>
        `${name.padEnd(26)}${value}${set ? '' : value === 'not set' ? '' : ' (default)'}`,
    ),
    '',
    ...problems.map((line) => `problem: ${line}`),
    ...warnings.map((line) => `warning: ${line}`),
    ...(problems.length + warnings.length === 0 ? ['nothing is missing or weak'] : []),
  ].join('\n');
}
