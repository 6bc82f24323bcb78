import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Logger } from '../effects/telemetry.ts';
import { dispatch, largestBody, type Method, methods } from './control-protocol.ts';
import type { Installation } from './installation.ts';

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Lets the command line reach this process over a Unix socket that only its user can open. Whoever holds the data
 * directory's lock may replace the socket that a killed process left behind.
 */
export async function openControlSocket(
  path: string,
  installation: Installation,
  logger: Logger,
): Promise<ControlServer> {
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    answer(request, installation)
      .catch((error: unknown) => {
        logger.error({ err: error }, 'a command over the control socket failed');
        return { status: 500, body: { message: error instanceof Error ? error.message : String(error) } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'an answer over the control socket could not be sent');
        response.destroy();
      });
  });
  await listenPrivately(server, path);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** Binding makes the file, in the call itself: with this mask it never exists with another mode. */
function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const mask = process.umask(0o177);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(mask);
    }
  });
}

async function answer(request: IncomingMessage, installation: Installation) {
  const method = request.url?.slice(1) ?? '';
  if (request.method !== 'POST' || !isMethod(method))
    return { status: 404, body: { message: 'no such command' } };
  return { status: 200, body: await dispatch(installation, method, await readBody(request)) };
}

const isMethod = (text: string): text is Method => (methods as readonly string[]).includes(text);

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBody) throw new Error(`a command over ${largestBody} bytes is not taken`);
    chunks.push(chunk);
  }
  return bytes === 0 ? null : JSON.parse(Buffer.concat(chunks).toString());
}
