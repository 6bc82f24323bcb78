import { Health } from '../../../contracts/health.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function getHealth(app: App, { health }: GatewayContext): void {
  app.get(
    '/health',
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
