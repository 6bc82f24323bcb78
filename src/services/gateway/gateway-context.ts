import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Consistency, Health } from '../../contracts/health.ts';
import type { Setup } from '../../contracts/rest.ts';
import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';

/** Fastify with requests and answers typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export interface GatewayContext {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** The classifier's group, whose positions the consistency report is about. */
  readonly group: string;
  readonly health: () => Health;
  readonly metrics: () => Promise<string>;
  readonly setup: () => Promise<Setup>;
  /** Counted in the background, so that a call costs little. */
  readonly missing: () => Consistency['missing'];
}
