import type { AnswerSource, Category, Priority } from '../../../src/contracts/classification.ts';
import { categoryLabels, priorityLabels, sourceLabels, stateLabels } from './vocabulary.ts';

/** What the queue shows. Part of the address, so every view can be sent to somebody. */
export interface Filter {
  readonly repository?: string;
  readonly category?: Category;
  readonly priority?: Priority;
  /** Open issues unless said otherwise: closed ones are not work. */
  readonly state: keyof typeof stateLabels;
  readonly source?: AnswerSource;
  readonly q?: string;
}

export const everything: Filter = { state: 'open' };

/** The filter in an address. What is not known is dropped rather than shown as an error. */
export function readFilter(search: URLSearchParams): Filter {
  const repository = search.get('repository');
  const category = member(search.get('category'), categoryLabels);
  const priority = member(search.get('priority'), priorityLabels);
  const source = member(search.get('source'), sourceLabels);
  const q = search.get('q')?.slice(0, 200);
  return {
    ...(repository && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) ? { repository } : {}),
    ...(category ? { category } : {}),
    ...(priority ? { priority } : {}),
    state: member(search.get('state'), stateLabels) ?? 'open',
    ...(source ? { source } : {}),
    ...(q?.trim() ? { q } : {}),
  };
}

function member<K extends string>(value: string | null, labels: Readonly<Record<K, string>>): K | undefined {
  return value !== null && Object.hasOwn(labels, value) ? (value as K) : undefined;
}

/** The filter as the page's address carries it: what is usual is left out. */
export function writeFilter(filter: Filter): Record<string, string> {
  const { state, ...rest } = filter;
  return { ...rest, ...(state === 'open' ? {} : { state }) };
}

/** The filter as `GET /api/issues` takes it. */
export function listAddress(filter: Filter, limit: number, cursor: string | null): string {
  const { state, q, ...rest } = filter;
  const search = new URLSearchParams({ ...rest, limit: String(limit) });
  if (state !== 'all') search.set('state', state);
  if (q?.trim()) search.set('q', q.trim());
  if (cursor !== null) search.set('cursor', cursor);
  return `/api/issues?${search}`;
}

export const isNarrowed = (filter: Filter): boolean => Object.keys(writeFilter(filter)).length > 0;
