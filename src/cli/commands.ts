import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The commands, in the order of `--help`. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'run everything in one process and open the page',
    load: async () => (await import('./commands/up.ts')).upCommand(),
  },
  {
    name: 'start',
    summary: 'run one service',
    load: async () => (await import('./commands/start.ts')).startCommand(),
  },
  {
    name: 'status',
    summary: 'how the running server is',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  {
    name: 'consistency',
    summary: 'how log, database and offsets stand to each other',
    load: async () => (await import('./commands/consistency.ts')).consistencyCommand(),
  },
  {
    name: 'doctor',
    summary: 'the configuration, and what is missing or weak',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  {
    name: 'import',
    summary: 'bring in the issues that a repository already has',
    load: async () => {
      const { importCommand } = await import('./commands/import.ts');
      const { connectImport } = await import('./connect-import.ts');
      return importCommand(connectImport);
    },
  },
  {
    name: 'issues',
    summary: 'delete an issue, or erase what it said',
    load: async () => (await import('./commands/issues.ts')).issuesCommand(),
  },
  {
    name: 'samples',
    summary: 'remove the sample issues of the first start',
    load: async () => (await import('./commands/samples.ts')).samplesCommand(),
  },
  {
    name: 'groups',
    summary: "where the consumer groups stand, and how to move the classifier's",
    load: async () => (await import('./commands/groups.ts')).groupsCommand(),
  },
  {
    name: 'move',
    summary: 'move an embedded installation to Kafka and PostgreSQL',
    load: async () => (await import('./commands/move.ts')).moveCommand(),
  },
  {
    name: 'topics',
    summary: "compare the broker's topics with what is declared, and make them so",
    load: async () => (await import('./commands/topics.ts')).topicsCommand(),
  },
  {
    name: 'eval',
    summary: 'measure the local model on labelled issues',
    load: async () => (await import('./commands/eval.ts')).evalCommand(),
  },
];
