import { useSyncExternalStore } from 'react';

const everyMs = 15_000;
let now = Date.now();
const listeners = new Set<() => void>();

setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, everyMs);

/** The time, anew every 15 s: one clock for every age on the page. */
export const useNow = (): number =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
