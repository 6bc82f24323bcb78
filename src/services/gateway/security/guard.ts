import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../../effects/clock.ts';
import type { App } from '../gateway-context.ts';
import { sendProblem } from '../problem.ts';
import { setSecurityHeaders } from './headers.ts';
import { isOwnHost, isOwnOrigin } from './host.ts';
import { bearerOf, equalSecrets, isSession, sessionCookie } from './session.ts';

export interface GuardOptions {
  /** The host that the gateway listens on. */
  readonly host: string;
  /** Null: whoever reaches the port may use it. */
  readonly token: string | null;
  readonly clock: Clock;
}

/** Answer without a token: health checks know none, and the form is how one gets in. */
const open = new Set(['/health', '/health/live', '/health/ready', '/login']);
const reads = new Set(['GET', 'HEAD']);

/** Looks at every request before anything else does: whose host, whose origin, whose token. */
export function guard(app: App, options: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply);
    const { host, origin } = request.headers;
    if (!isOwnHost(host, options.host)) {
      return sendProblem(reply, 421, { detail: 'This host name is not one of this server.' });
    }
    const changes = !reads.has(request.method) || request.headers.upgrade !== undefined;
    if (changes && !isOwnOrigin(origin, host)) {
      return sendProblem(reply, 403, { detail: 'Pages of another origin may not do this.' });
    }
    if (
      options.token !== null &&
      !open.has(pathOf(request)) &&
      !isAuthenticated(request, options.token, options.clock)
    ) {
      return refuse(request, reply);
    }
  });
}

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0] ?? '';

function isAuthenticated(request: FastifyRequest, token: string, clock: Clock): boolean {
  const bearer = bearerOf(request.headers.authorization);
  if (bearer !== null) return equalSecrets(bearer, token);
  const session = request.cookies[sessionCookie];
  return session !== undefined && isSession(session, token, clock.now());
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request);
  const page = request.method === 'GET' && !path.startsWith('/api/') && request.headers.upgrade === undefined;
  if (page && request.headers.accept?.includes('text/html')) return reply.redirect('/login');
  return sendProblem(reply.header('www-authenticate', 'Bearer'), 401, {
    detail: 'Send the token as `Authorization: Bearer …`, or sign in on /login.',
  });
}
