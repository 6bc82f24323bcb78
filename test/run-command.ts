import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { foreignEnvironment, launcher } from './dispatchai-process.ts';

/** Runs a command line of `dispatchai` to its end; resolves to what it printed. @throws Error when it fails */
export async function runCommand(
  args: readonly string[],
  {
    dataDirectory,
    environment,
  }: { readonly dataDirectory: string; readonly environment: Readonly<Record<string, string>> },
): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, ...args], {
    cwd: dataDirectory,
    env: { ...foreignEnvironment(), ...environment, DISPATCHAI_DATA_DIR: dataDirectory },
  });
  return stdout;
}
