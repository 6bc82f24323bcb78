import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { IssuePage } from '../issue/issue-page.tsx';
import { NoIssueSelected } from '../issue/no-issue-selected.tsx';
import { QueueScreen } from '../queue/queue-screen.tsx';
import { Failed, NotFound } from './failed.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Failed });
const queue = createRoute({ getParentRoute: () => root, id: 'queue', component: QueueScreen });
const index = createRoute({ getParentRoute: () => queue, path: '/', component: NoIssueSelected });
const issue = createRoute({
  getParentRoute: () => queue,
  path: '/issues/$owner/$repo/$number',
  component: IssuePage,
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../setup/setup-page.tsx'), 'SetupPage'),
});

const routeTree = root.addChildren([queue.addChildren([index, issue]), setup]);

/** Addresses are plain query strings (`?category=bug&q=12`), as the API takes them. */
export const createPageRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    ...(history ? { history } : {}),
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(search as Record<string, string>).toString();
      return text === '' ? '' : `?${text}`;
    },
    defaultErrorComponent: Failed,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
