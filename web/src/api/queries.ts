import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Consistency } from '../../../src/contracts/health.ts';
import type { DeliveryList, IssueDetail, Setup, Stats } from '../../../src/contracts/rest.ts';
import { issuePath } from '../issue/issue-name.ts';
import { ask, orThrow } from './client.ts';

export interface RepositoryCount {
  readonly repository: string;
  readonly count: number;
}

export const detailQuery = (repository: string, number: number) =>
  queryOptions({
    queryKey: ['issue', repository, number],
    queryFn: async ({ signal }) =>
      orThrow(await ask<IssueDetail>(`/api${issuePath({ repository, number })}`, { signal })),
  });

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => orThrow(await ask<Setup>('/api/setup', { signal })),
  staleTime: 30_000,
});

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: async ({ signal }) => orThrow(await ask<Stats>('/api/stats', { signal })),
  staleTime: 10_000,
});

export const repositoriesQuery = queryOptions({
  queryKey: ['repositories'],
  queryFn: async ({ signal }) =>
    orThrow(await ask<{ repositories: RepositoryCount[] }>('/api/repositories', { signal })).repositories,
  staleTime: 30_000,
});

export const deliveriesQuery = queryOptions({
  queryKey: ['deliveries'],
  queryFn: async ({ signal }) =>
    orThrow(await ask<z.infer<typeof DeliveryList>>('/api/deliveries?limit=20', { signal })).deliveries,
  refetchInterval: 3_000,
});

/** Also the page's heartbeat: a browser cannot see whether a silent socket still has a server behind it. */
export const consistencyQuery = queryOptions({
  queryKey: ['consistency'],
  queryFn: async ({ signal }) => orThrow(await ask<Consistency>('/health/consistency', { signal }, [503])),
  refetchInterval: 15_000,
  refetchIntervalInBackground: true,
});
