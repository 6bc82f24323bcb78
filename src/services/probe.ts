import { createServer, type ServerResponse } from 'node:http';
import type { Health } from '../contracts/health.ts';
import { type ListenAddress, listen } from './listen.ts';

export interface ProbeOptions extends ListenAddress {
  readonly health: () => Health;
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

export interface Probe {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `GET /health` and `GET /metrics` for a service that serves nothing else. Nothing in either is secret, and nothing
 * can be changed through it.
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
  options: ProbeOptions,
  method: string,
  url: string,
  response: ServerResponse,
): Promise<void> {
  const [path] = url.split('?', 1);
  if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain', 'GET only\n');
  if (path === '/health') {
    const health = options.health();
    const status = health.status === 'ready' ? 200 : 503;
    return send(response, status, 'application/json', JSON.stringify(health));
  }
  if (path === '/metrics') {
    return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await options.metrics());
  }
  return send(response, 404, 'text/plain', '/health and /metrics are here\n');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
