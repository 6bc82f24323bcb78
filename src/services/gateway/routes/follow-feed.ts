import { z } from 'zod';
import type { Logger } from '../../../effects/telemetry.ts';
import type { Feed } from '../feed/feed.ts';
import type { App } from '../gateway-context.ts';
import { problemResponse, sendProblem } from '../problem.ts';

/** https://www.iana.org/assignments/websocket/websocket.xhtml */
const closeServerError = 1011;

export function followFeed(app: App, feed: Feed, logger: Logger): void {
  app.route({
    method: 'GET',
    url: '/ws',
    schema: {
      summary: 'WebSocket: what happens to issues, as it happens',
      description: 'Messages are `FeedMessage`. Send the last `cursor` seen to go on where it was.',
      querystring: z.object({ cursor: z.string().max(2_000).optional() }),
      response: { 426: problemResponse },
    },
    handler: async (_request, reply) =>
      sendProblem(reply.header('upgrade', 'websocket'), 426, { detail: 'This is a WebSocket.' }),
    wsHandler: (socket, request) => {
      // The close that follows an error ends the client; nothing a client sends is read.
      socket.on('error', (error) => logger.debug({ error }, 'A WebSocket failed'));
      feed.connect(socket, request.query.cursor || undefined).catch((error: unknown) => {
        logger.warn({ error }, 'A WebSocket could not be served');
        socket.close(closeServerError, 'The server cannot serve this now.');
      });
    },
  });
}
