import { type Config, readConfig } from '../runtime/config.ts';
import { type Environment, readEnvironment } from '../runtime/environment.ts';
import { Refusal } from '../runtime/refusal.ts';

/**
 * The checked configuration of this process.
 * @param over what options of the command set, over the environment
 * @throws Refusal with a line for each variable that is wrong
 */
export function configured(over: Environment = {}): {
  readonly config: Config;
  readonly warnings: readonly string[];
} {
  const directory = process.cwd();
  const outcome = readConfig({ ...readEnvironment(directory, process.env), ...over }, directory);
  if (outcome.kind === 'invalid') throw new Refusal(outcome.problems.join('\ndispatchai: '), 2);
  return outcome;
}
