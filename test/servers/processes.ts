import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { until } from '../until.ts';

const hasProc = existsSync('/proc/self/stat');

/** Whether a process is there and at work: one that ended and waits for its parent to take note is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !hasProc || !'ZX'.includes(stateOf(pid));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'ENOENT') return false;
    throw error;
  }
}

/** Whether SIGSTOP holds a process. */
export const isStopped = (pid: number): boolean => stateOf(pid) === 'T';

/** A letter, by proc(5). It follows the name, which stands in parentheses and may hold anything. */
const stateOf = (pid: number): string =>
  /\) (\S) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '?';

/** The processes that it started and that are still its own. */
export function childrenOf(pid: number): readonly number[] {
  const listed = hasProc
    ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
  return listed.split(/\s+/).filter(Boolean).map(Number);
}

/** SIGKILL to every process of a group. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function gone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isRunning), { what: `processes ${pids} gone`, withinMs: 30_000 });
}
