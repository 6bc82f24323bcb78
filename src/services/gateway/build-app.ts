import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Feed } from './feed/feed.ts';
import type { App, GatewayContext } from './gateway-context.ts';
import { page } from './page.ts';
import { answerErrors } from './problem.ts';
import { correctIssue } from './routes/correct-issue.ts';
import { removeIssue } from './routes/delete-issue.ts';
import { followFeed } from './routes/follow-feed.ts';
import { getConsistency } from './routes/get-consistency.ts';
import { getHealth } from './routes/get-health.ts';
import { getIssue } from './routes/get-issue.ts';
import { getMetrics } from './routes/get-metrics.ts';
import { getSetup } from './routes/get-setup.ts';
import { getStats } from './routes/get-stats.ts';
import { listDeliveries } from './routes/list-deliveries.ts';
import { listIssues } from './routes/list-issues.ts';
import { listRepositories } from './routes/list-repositories.ts';
import { login } from './routes/login.ts';
import { removeSampleIssues } from './routes/remove-samples.ts';
import { guard } from './security/guard.ts';

export interface AppOptions {
  readonly context: GatewayContext;
  readonly feed: Feed;
  readonly host: string;
  readonly token: string | null;
  readonly pageDirectory: string | null;
}

const bodyLimit = 64 * 1024;
/** What clients send is not read; a ping's answer is small. */
const socketPayloadLimit = 1_024;

/** The gateway's HTTP and WebSocket side, not yet listening. */
export async function buildApp({ context, feed, host, token, pageDirectory }: AppOptions): Promise<App> {
  const { clock, logger } = context.effects;
  const app: App = fastify({
    bodyLimit,
    forceCloseConnections: true,
    frameworkErrors: answerErrors(logger),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerErrors(logger));
  await app.register(cookie);
  // Before the guard: a refused upgrade's socket is closed only where this plugin's hook has seen the request.
  await app.register(websocket, { options: { maxPayload: socketPayloadLimit } });
  guard(app, { host, token, clock });
  acceptForms(app);
  await app.register(swagger, {
    openapi: { info: { title: 'DispatchAI', version: '1', description: 'Issues, triaged.' } },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  for (const route of [
    listIssues,
    getIssue,
    correctIssue,
    removeIssue,
    removeSampleIssues,
    listDeliveries,
    listRepositories,
    getStats,
    getSetup,
    getHealth,
    getConsistency,
    getMetrics,
  ]) {
    route(app, context);
  }
  followFeed(app, feed, logger);
  if (token !== null) login(app, token, clock);
  await page(app, pageDirectory);
  return app;
}

/** Of the login form; nothing else sends one. */
function acceptForms(app: App): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
}
