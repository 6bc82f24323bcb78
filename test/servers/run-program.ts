import { spawn } from 'node:child_process';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Who runs it; whoever we are, when absent. */
  readonly as?: Account | undefined;
}

/** Runs a program to its end and resolves to what it printed. @throws Error with its last lines when it fails. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, as }: ProgramOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, ...as, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let complained = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complained += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(printed);
      const last = `${printed}\n${complained}`.trim().split('\n').slice(-15).join('\n');
      reject(new Error(`${command} ended with ${code ?? signal}:\n${last}`));
    });
  });
}

/** Whether a program is there and runs. */
export const runs = (command: string, args: readonly string[]): Promise<boolean> =>
  runProgram(command, args).then(
    () => true,
    () => false,
  );
