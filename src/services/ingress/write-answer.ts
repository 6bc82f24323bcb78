import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../effects/clock.ts';
import { type Answer, statusOf, toProblem } from './answer.ts';
import type { IngressLimits } from './limits.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly limits: IngressLimits;
  /** Whether this is to be the connection's last answer. */
  readonly last: boolean;
  /** Whether the sender waits for `100 Continue` and never got it, so that no body is on its way. */
  readonly waiting: boolean;
}

/** An unread body up to this size costs less to skip than a new connection. */
const skippedBytes = 64 * 1024;

export async function writeAnswer(exchange: Exchange, answer: Answer): Promise<void> {
  if (answer.kind === 'gone') {
    exchange.response.destroy();
  } else if (answer.kind === 'accepted') {
    const { deliveryId, correlationId } = answer;
    send(exchange, 202, { status: 'accepted', deliveryId, correlationId });
  } else if (answer.kind === 'ignored') {
    send(exchange, 200, { status: 'ignored', detail: answer.detail });
  } else {
    const status = statusOf[answer.reason];
    if (answer.allow !== undefined) exchange.response.setHeader('allow', answer.allow);
    if (status === 503) exchange.response.setHeader('retry-after', '5');
    const problem = toProblem(answer);
    if (bodyIsSmall(exchange)) send(exchange, status, problem, 'application/problem+json');
    else await sendAndLinger(exchange, status, problem);
  }
}

function bodyIsSmall({ request, waiting }: Exchange): boolean {
  // The sender may keep the body back for good, and what it sends next would be taken for the body.
  if (waiting) return false;
  if (request.complete) return true;
  const announced = request.headers['content-length'];
  if (announced !== undefined) return Number(announced) <= skippedBytes;
  return request.headers['transfer-encoding'] === undefined;
}

export function send(
  { response, last }: Pick<Exchange, 'response' | 'last'>,
  status: number,
  content: object | string,
  type = 'application/json',
): void {
  // Text and not bytes: Node then sends head and body in one write.
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  if (last) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Answers while the body is still coming, and closes. A connection closed with bytes unread is reset, and the
 * sender would never see why; so a little is read and thrown away first, as web servers do.
 */
async function sendAndLinger(exchange: Exchange, status: number, problem: object): Promise<void> {
  const { request, response, clock, limits, waiting } = exchange;
  const body = JSON.stringify(problem);
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.write(body);
  if (!waiting) await discard(request, limits, clock);
  response.end();
}

function discard(request: IncomingMessage, limits: IngressLimits, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const ended = new AbortController();
    const end = () => {
      request.off('data', count).off('end', end).off('close', end);
      request.pause();
      ended.abort();
      resolve();
    };
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.lingerBytes) end();
    };
    request.on('data', count).once('end', end).once('close', end);
    request.on('error', end);
    void clock.sleep(limits.lingerMs, ended.signal).then(end);
    request.resume();
  });
}
