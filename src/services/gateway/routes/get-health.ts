import { z } from 'zod';
import { Health } from '../../../contracts/health.ts';
import { healthAt } from '../../probe.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

const Live = z.object({ status: z.literal('live') });

export function getHealth(app: App, { health }: GatewayContext): void {
  const summaries = {
    '/health': '200 only when every service of the process is ready',
    '/health/ready': '200 when requests should be sent here',
  };
  for (const [path, summary] of Object.entries(summaries)) {
    app.get(
      path,
      {
        schema: {
          summary,
          response: { 200: Health, 503: Health },
        },
      },
      async (_request, reply) => {
        const now = health();
        return reply
          .code(healthAt(path, now)?.status ?? 503)
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
