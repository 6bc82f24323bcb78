import { z } from 'zod';
import type { Logger } from '../../../effects/telemetry.ts';
import type { Feed } from '../feed/feed.ts';
import type { App } from '../gateway-context.ts';

export function followFeed(app: App, feed: Feed, logger: Logger): void {
  app.get(
    '/ws',
    {
      websocket: true,
      schema: {
        summary: 'WebSocket: what happens to issues, as it happens',
        querystring: z.object({ cursor: z.string().max(2_000).optional() }),
      },
    },
    (socket, request) => {
      // The close that follows an error ends the client; nothing a client sends is read.
      socket.on('error', (error) => logger.debug({ error }, 'A WebSocket failed'));
      feed.connect(socket, request.query.cursor || undefined).catch((error: unknown) => {
        logger.warn({ error }, 'A WebSocket could not be served');
        socket.close(1011, 'The server cannot serve this now.');
      });
    },
  );
}
