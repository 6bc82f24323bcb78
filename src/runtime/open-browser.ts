import { spawn } from 'node:child_process';
import type { Logger } from '../effects/telemetry.ts';

/** Shows the page in the user's browser. Where there is none its address was printed, which is enough. */
export function openBrowser(url: string, logger: Logger): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.once('error', (error) => logger.debug({ err: error }, `${program} could not be run`));
  child.unref();
}
