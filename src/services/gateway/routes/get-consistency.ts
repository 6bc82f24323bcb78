import { Consistency } from '../../../contracts/health.ts';
import { checkConsistency } from '../../../operations/check-consistency.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function getConsistency(app: App, { database, log, group, missing }: GatewayContext): void {
  app.get(
    '/health/consistency',
    {
      schema: {
        summary: 'How log, database and offsets stand to each other',
        description: '503 when degraded. `missing` is counted once a minute.',
        response: { 200: Consistency, 503: Consistency },
      },
    },
    async (_request, reply) => {
      const report = await checkConsistency({ database, log, group }, missing());
      return reply
        .code(report.status === 'healthy' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(report);
    },
  );
}
