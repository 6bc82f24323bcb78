import { createServer, type ServerResponse } from 'node:http';
import type { Health } from '../contracts/health.ts';
import { type ListenAddress, listen } from './listen.ts';

export interface ProbeOptions extends ListenAddress {
  readonly health: () => Health;
  /** Prometheus' text format; without it there is no such path. */
  readonly metrics?: () => Promise<string>;
  /** Whether this port belongs to a service that is still being started: whatever else is asked may come again. */
  readonly early?: boolean;
}

export interface Probe {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `GET /health`, `/health/ready`, `/health/live` and `/metrics` for a service that serves nothing else. Nothing in
 * them is secret, and nothing can be changed through them.
 * @throws PortInUseError
 */
export async function openProbe(options: ProbeOptions): Promise<Probe> {
  const server = createServer((request, response) => {
    answer(options, request.method ?? '', request.url ?? '', response).catch(() => response.destroy());
  });
  // Scrapers keep one connection open; more than a few is somebody else.
  server.maxConnections = 32;
  const port = await listen(server, options);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { health, metrics, early = false }: ProbeOptions,
  method: string,
  url: string,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = url.split('?', 1);
  const reads = method === 'GET' || method === 'HEAD';
  const found = reads ? healthAt(path, health()) : null;
  if (found) return send(response, found.status, 'application/json', JSON.stringify(found.body));
  if (reads && path === '/metrics' && metrics) {
    return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics());
  }
  if (early) {
    response.setHeader('retry-after', '5');
    return send(response, 503, 'text/plain', 'starting; /health says what it waits for\n');
  }
  if (!reads) return send(response, 405, 'text/plain', 'GET only\n');
  return send(response, 404, 'text/plain', '/health, /health/live, /health/ready and /metrics are here\n');
}

/**
 * What the paths about health answer; null for any other. `/health` asks whether everything works, `/health/ready`
 * whether work should be sent here, `/health/live` only whether the process still answers: waiting for a broker is no
 * reason to kill it.
 */
export function healthAt(
  path: string,
  health: Health,
): { readonly status: 200 | 503; readonly body: Health | { readonly status: 'live' } } | null {
  if (path === '/health/live') return { status: 200, body: { status: 'live' } };
  if (path !== '/health' && path !== '/health/ready') return null;
  const good = health.status === 'ready' || (path === '/health/ready' && takesRequests(health));
  return { status: good ? 200 : 503, body: health };
}

/** Sent elsewhere for what every instance lacks, requests would reach nobody. */
const takesRequests = ({ status, services }: Health): boolean =>
  status === 'unhealthy' && Object.values(services).every(({ ready, serving }) => ready || serving === true);

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
