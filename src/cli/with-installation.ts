import { createEffects } from '../runtime/effects.ts';
import type { Installation } from '../runtime/installation.ts';
import { openInstallation } from '../runtime/open-installation.ts';
import type { ServiceName } from '../runtime/service-names.ts';
import { configured } from './configured.ts';

/** Opens the configured installation for a command; what goes wrong meanwhile is said on stderr. */
export function openConfigured(needs: readonly ServiceName[]) {
  const { config } = configured();
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  return openInstallation(config, createEffects(level, process.stderr), needs);
}

/** As `openConfigured`, closed after `work`, whatever happens. */
export async function withInstallation<Result>(
  needs: readonly ServiceName[],
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const installation = await openConfigured(needs);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}
