import type { Problem } from '../../../src/contracts/rest.ts';

/** What can come of a request: an answer, a problem the server names, or no server at all. */
export type Answered<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the gateway. The shapes are those of the contracts, served by the process that serves this page; a status
 * in `accept` counts as an answer too (health endpoints answer 503 with a body that is worth reading).
 */
export async function ask<T>(
  path: string,
  request: Request = {},
  accept: readonly number[] = [],
): Promise<Answered<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: request.method ?? 'GET',
      headers: request.body === undefined ? {} : { 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
  const body = await readJson(response);
  if (response.ok || accept.includes(response.status)) return { kind: 'ok', value: body as T };
  return { kind: 'problem', problem: asProblem(body, response) };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asProblem(body: unknown, response: Response): Problem {
  if (typeof body === 'object' && body !== null && 'title' in body && 'status' in body)
    return body as Problem;
  return { type: 'about:blank', title: response.statusText || 'The server refused', status: response.status };
}

/** A failed request as an error, for the query cache, which knows success and error only. */
export class RequestError extends Error {
  readonly failure: Exclude<Answered<never>, { kind: 'ok' }>;
  constructor(failure: Exclude<Answered<never>, { kind: 'ok' }>) {
    super(sentenceOf(failure));
    this.failure = failure;
  }
}

export function sentenceOf(failure: Exclude<Answered<never>, { kind: 'ok' }>): string {
  if (failure.kind === 'unreachable') return 'The server does not answer.';
  return failure.problem.detail ?? failure.problem.title;
}

export function orThrow<T>(answered: Answered<T>): T {
  if (answered.kind === 'ok') return answered.value;
  throw new RequestError(answered);
}
