import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './gateway-context.ts';
import { sendProblem } from './problem.ts';

const unbuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>DispatchAI</title>
<p>The page is not built. The API works all the same: <a href="/docs">/docs</a>.</p>
</html>`;

/** Paths that are never the page: an unknown one is a 404 there. */
const notThePage = /^\/(api|health|metrics|ws|docs|login|assets)(\/|$)/;

/**
 * Serves the built page. Every path that is nobody else's gets `index.html`, since the page has its own router.
 * Vite names its assets by their content.
 */
export async function page(app: App, directory: string | null): Promise<void> {
  const index = directory === null ? null : join(directory, 'index.html');
  const built =
    index !== null &&
    (await access(index).then(
      () => true,
      () => false,
    ));
  if (built && directory !== null) {
    await app.register(fastifyStatic, {
      root: directory,
      index: false,
      wildcard: false,
      cacheControl: false,
      schemaHide: true,
      setHeaders: (reply, path) => {
        const immutable = path.startsWith(join(directory, 'assets'));
        reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // Its front door is the page for everybody; deeper paths only for who asks for a page.
    const wantsPage =
      request.method === 'GET' && (path === '/' || (request.headers.accept ?? '').includes('text/html'));
    if (!wantsPage || notThePage.test(path)) {
      return sendProblem(reply, 404, { detail: 'There is nothing under this path.' });
    }
    return built
      ? reply.sendFile('index.html')
      : reply.type('text/html').header('cache-control', 'no-cache').send(unbuilt);
  });
}
