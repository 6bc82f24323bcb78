import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type Filter, readFilter, writeFilter } from '../queue/filter.ts';

/** The filter in the address, and a way to another one. A search being typed replaces, so that Back stays useful. */
export function useFilter(): readonly [Filter, (filter: Filter, replace?: boolean) => void] {
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const navigate = useNavigate();
  const filter = useMemo(() => readFilter(new URLSearchParams(search)), [search]);
  const show = useCallback(
    (next: Filter, replace = false) => void navigate({ to: '.', search: writeFilter(next), replace }),
    [navigate],
  );
  return [filter, show];
}
