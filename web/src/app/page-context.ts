import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FeedState } from '../feed/feed-connection.ts';
import type { QueueSnapshot } from '../queue/queue-store.ts';
import type { Interaction, InteractionStore } from './interaction-store.ts';
import type { Live } from './live.ts';

export interface Page {
  readonly live: Live;
  readonly interaction: InteractionStore;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('The page context is missing.');
  return page;
}

export function useQueue(): QueueSnapshot {
  const { queue } = usePage().live;
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}

export function useFeedState(): FeedState {
  const { live } = usePage();
  return useSyncExternalStore(live.subscribe, live.feed.state);
}

export function useInteraction(): Interaction {
  const { interaction } = usePage();
  return useSyncExternalStore(interaction.subscribe, interaction.state);
}
