import type { App, GatewayContext } from '../gateway-context.ts';

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

export function getMetrics(app: App, { metrics }: GatewayContext): void {
  app.get('/metrics', { schema: { summary: 'Metrics for Prometheus' } }, async (_request, reply) =>
    reply
      .type(prometheusText)
      .header('cache-control', 'no-store')
      .send(await metrics()),
  );
}
