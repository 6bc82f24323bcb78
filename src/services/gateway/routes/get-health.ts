import { z } from 'zod';
import { Health } from '../../../contracts/health.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

const Live = z.object({ status: z.literal('live') });

export function getHealth(app: App, { health }: GatewayContext): void {
  for (const path of ['/health', '/health/ready']) {
    app.get(
      path,
      {
        schema: {
          summary: '200 only when every service of the process is ready',
          response: { 200: Health, 503: Health },
        },
      },
      async (_request, reply) => {
        const now = health();
        return reply
          .code(now.status === 'ready' ? 200 : 503)
          .header('cache-control', 'no-store')
          .send(now);
      },
    );
  }
  app.get(
    '/health/live',
    { schema: { summary: '200 as long as the process answers', response: { 200: Live } } },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' as const }),
  );
}
