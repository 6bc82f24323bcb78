import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './parts/parts.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { RequestError } from './api/client.ts';
import { browser } from './app/browser.ts';
import { InteractionStore } from './app/interaction-store.ts';
import { Live } from './app/live.ts';
import { PageContext } from './app/page-context.ts';
import { createPageRouter } from './app/router.tsx';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; only a server that does not answer is asked again.
      retry: (failures, error) =>
        failures < 2 && error instanceof RequestError && error.failure.kind === 'unreachable',
      networkMode: 'always',
    },
  },
});
const live = new Live(client, browser);
const interaction = new InteractionStore();
live.start();
window.addEventListener('online', () => live.feed.retryNow());
window.addEventListener('offline', () => live.feed.lose());

const root = document.getElementById('page');
if (!root) throw new Error('The page has no root element.');
createRoot(root).render(
  <QueryClientProvider client={client}>
    <PageContext value={{ live, interaction }}>
      <RouterProvider router={createPageRouter()} />
    </PageContext>
  </QueryClientProvider>,
);
