import { parseArgs } from 'node:util';
import { type FaultName, faultNames } from './faults/faults.ts';

export interface SimulateOptions {
  readonly seed: number;
  readonly runs: number;
  /** Worker processes that share the runs. */
  readonly jobs: number;
  readonly events: number;
  readonly without: ReadonlySet<FaultName>;
  /** Faults that every run has. */
  readonly always: readonly FaultName[];
  readonly mutation: string | null;
  /** Whether a language model answers after the local one; drawn for each run when undefined. */
  readonly remoteModel: boolean | undefined;
  /** Runs each seed twice and compares their traces. */
  readonly twice: boolean;
  /** Makes the first failing run smaller. */
  readonly shrink: boolean;
  /** Ends at the first failing run. */
  readonly first: boolean;
}

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} is a whole number from 1 on, not ${text}`);
  return value;
};

const fault = (text: string): FaultName => {
  const name = faultNames.find((each) => each === text);
  if (!name) throw new Error(`there is no fault ${text}; there are ${faultNames.join(', ')}`);
  return name;
};

const remoteModel = (text: string | undefined): boolean | undefined => {
  if (text === undefined) return undefined;
  if (text !== 'always' && text !== 'never') throw new Error(`--model is always or never, not ${text}`);
  return text === 'always';
};

export function readOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '100' },
      jobs: { type: 'string', default: '1' },
      events: { type: 'string', default: '30' },
      without: { type: 'string', multiple: true, default: [] },
      with: { type: 'string', multiple: true, default: [] },
      mutation: { type: 'string' },
      model: { type: 'string' },
      twice: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
    },
  });
  return {
    seed: number('seed', values.seed),
    runs: number('runs', values.runs),
    jobs: number('jobs', values.jobs),
    events: number('events', values.events),
    without: new Set(values.without.map(fault)),
    always: values.with.map(fault),
    mutation: values.mutation ?? null,
    remoteModel: remoteModel(values.model),
    twice: values.twice,
    shrink: values.shrink,
    first: values.first,
  };
}
