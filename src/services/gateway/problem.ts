import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { Problem } from '../../contracts/rest.ts';
import { classifyDatabaseError } from '../../database/database-error.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { LogUnavailableError } from '../../log/event-log.ts';

export const problemType = 'application/problem+json';

type Details = Pick<Problem, 'detail' | 'version' | 'errors'>;

/** RFC 9457. `about:blank` means that the status says all there is to the type. */
export function problem(status: number, details: Details = {}): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...details };
}

export function sendProblem(reply: FastifyReply, status: number, details: Details = {}): FastifyReply {
  // A string, so that no route's response schema applies.
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type(problemType)
    .serializer(JSON.stringify)
    .send(problem(status, details));
}

/** What the routes document for their refusals. */
export const problemResponse = { content: { [problemType]: { schema: Problem } } };

/** Every error as a problem: the client's with what is wrong, ours without what went wrong inside. */
export function answerErrors(logger: Logger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const errors = error.validation.map((each) => ({
        path: `${error.validationContext ?? 'request'}${each.instancePath}`,
        message: each.message ?? 'is not valid',
      }));
      return sendProblem(reply, 400, { detail: 'The request is not valid.', errors });
    }
    const status = error.statusCode ?? 500;
    if (status < 500 && !isResponseSerializationError(error)) {
      return sendProblem(reply, status, { detail: error.message });
    }
    logger.error({ error, method: request.method, route: request.routeOptions.url }, 'A request failed');
    if (error instanceof LogUnavailableError || classifyDatabaseError(error) === 'world') {
      return sendProblem(reply, 503, { detail: 'The log or the database does not answer now.' });
    }
    return sendProblem(reply, 500, { detail: 'The error is in the log of the server.' });
  };
}
