import type { OpenStores, Stores } from './compose.ts';
import { EndedWhileWaitingError } from './reach.ts';

/**
 * Opens both stores at once. When one fails the other is known before everything is released, and is not waited for
 * any longer; what failed first is what is thrown.
 */
export async function openTogether(
  options: OpenStores,
  open: (options: OpenStores) => { readonly [Name in keyof Stores]: Promise<Stores[Name]> },
): Promise<Stores> {
  const { patience } = options;
  const failed = new AbortController();
  const opening = open(
    patience.kind === 'none'
      ? options
      : { ...options, patience: { ...patience, signal: AbortSignal.any([patience.signal, failed.signal]) } },
  );
  const settled = await Promise.allSettled(
    Object.values(opening).map((each: Promise<unknown>) =>
      each.catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const error = errors.find((each) => !(each instanceof EndedWhileWaitingError)) ?? errors[0];
  if (error !== undefined) throw error;
  return { log: await opening.log, database: await opening.database };
}
