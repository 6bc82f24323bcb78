import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 1100px)');

/** Whether an issue has room beside the list. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      wide.addEventListener('change', listener);
      return () => wide.removeEventListener('change', listener);
    },
    () => wide.matches,
  );
