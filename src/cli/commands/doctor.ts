import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { type Config, isEmbedded, readConfig } from '../../runtime/config.ts';
import { createEffects } from '../../runtime/effects.ts';
import { type Environment, readEnvironment } from '../../runtime/environment.ts';
import { examineServers } from '../../runtime/examine-servers.ts';
import { type Findings, nothingFound, together } from '../../runtime/judge-servers.ts';
import { pageDirectory } from '../../runtime/page-directory.ts';
import { type ShownVariable, showVariables } from '../../runtime/show-variables.ts';

interface Diagnosis extends Findings {
  readonly variables: readonly ShownVariable[];
}

/** `dispatchai doctor`: the configuration with its secrets masked, and what is missing or weak, here and elsewhere. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'print JSON')
    .option('--offline', 'look at the configuration only, and reach out to no broker and no database')
    .action(async ({ json, offline }: { readonly json?: true; readonly offline?: true }) => {
      const environment = readEnvironment(process.cwd(), process.env);
      const here = diagnose(environment, process.cwd());
      const outcome = readConfig(environment, process.cwd());
      const elsewhere =
        outcome.kind === 'valid' && offline !== true
          ? await examineServers(outcome.config, createEffects('error', process.stderr))
          : nothingFound;
      const diagnosis = { variables: here.variables, ...together([here, elsewhere]) };
      console.log(json ? JSON.stringify(diagnosis, null, 2) : format(diagnosis));
      process.exitCode = diagnosis.problems.length === 0 ? 0 : 1;
    });
}

/** What can be said without asking anybody else. */
export function diagnose(environment: Environment, directory: string): Diagnosis {
  const outcome = readConfig(environment, directory);
  const found =
    outcome.kind === 'valid'
      ? together([{ ...nothingFound, warnings: outcome.warnings }, aboutMachine(outcome.config)])
      : { ...nothingFound, problems: outcome.problems };
  return { variables: showVariables(environment), ...found };
}

function aboutMachine(config: Config): Findings {
  const warnings = pageDirectory() === null ? ['the page is not built; `npm start` builds it'] : [];
  if (!isEmbedded(config)) return { ...nothingFound, warnings };
  const problems: string[] = [];
  let existing = config.dataDirectory;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    problems.push(`DISPATCHAI_DATA_DIR: ${existing} is not writable`);
  }
  return { ...nothingFound, problems, warnings };
}

function format({ variables, facts, problems, warnings }: Diagnosis): string {
  const width = Math.max(...variables.map(({ name }) => name.length)) + 2;
  return [
    ...variables.map(
      ({ name, value, set }) =>
        `${name.padEnd(width)}${value}${set || value === 'not set' ? '' : ' (default)'}`,
    ),
    '',
    ...facts,
    ...problems.map((line) => `problem: ${line}`),
    ...warnings.map((line) => `warning: ${line}`),
    ...(problems.length + warnings.length === 0 ? ['nothing is missing or weak'] : []),
  ].join('\n');
}
