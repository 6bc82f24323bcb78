import type { Config } from '../runtime/config.ts';
import { createEffects } from '../runtime/effects.ts';
import { Refusal } from '../runtime/refusal.ts';
import { serve } from '../runtime/serve.ts';
import type { ServiceName } from '../runtime/service-names.ts';
import { configured } from './configured.ts';

export interface ServeCommand {
  readonly as: 'up' | 'start';
  readonly services: (config: Config) => readonly ServiceName[];
  /** Where a first start begins in `issues.raw`, as the variable would say. */
  readonly from: string | undefined;
  /** Whether to show the page in a browser. */
  readonly open: boolean;
}

export const fromOption = [
  '--from <place>',
  'where a first start begins in issues.raw: start, end, or a time such as 2026-03-01T12:00:00Z',
] as const;

/** Runs services until the process is asked to end, and ends it: what hangs must not keep it. */
export async function serveCommand({ as, services, from, open }: ServeCommand): Promise<void> {
  const { config, warnings } = configured(from === undefined ? {} : { DISPATCHAI_FROM: from });
  const effects = createEffects(config.logLevel, process.stdout);
  const browser = open && process.stdout.isTTY === true && process.env.CI === undefined;
  const names = services(config);
  const served = await serve({ config, warnings, effects, services: names, as, browser });
  if (served.kind === 'ended') process.exit(served.exitCode);
  const { pid, pageUrl, health } = served.status;
  if (as === 'start') {
    throw new Refusal(
      `${names.join(', ')} cannot be started here: process ${pid} runs ${Object.keys(health.services).join(', ')} on ` +
        `${config.dataDirectory}, and an embedded log or database belongs to one process. ` +
        'One process for each service needs KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL.',
    );
  }
  console.log(
    `DispatchAI already runs here (process ${pid}, ${health.status})${pageUrl ? `: ${pageUrl}` : ''}`,
  );
}
