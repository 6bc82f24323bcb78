import { createEffects } from '../runtime/effects.ts';
import { serve } from '../runtime/serve.ts';
import type { ServiceName } from '../runtime/service-names.ts';
import { configured } from './configured.ts';

/** Runs services until the process is asked to end, and ends it: what hangs must not keep it. */
export async function serveCommand(services: readonly ServiceName[], open: boolean): Promise<void> {
  const { config, warnings } = configured();
  const effects = createEffects(config.logLevel, process.stdout);
  const browser = open && process.stdout.isTTY === true && process.env.CI === undefined;
  const served = await serve({ config, warnings, effects, services, browser });
  if (served.kind === 'ended') process.exit(served.exitCode);
  const { pid, pageUrl, health } = served.status;
  console.log(
    `DispatchAI already runs here (process ${pid}, ${health.status})${pageUrl ? `: ${pageUrl}` : ''}`,
  );
}
