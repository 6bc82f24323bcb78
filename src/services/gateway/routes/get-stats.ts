import { Stats } from '../../../contracts/rest.ts';
import { readStatistics } from '../../../database/statistics.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function getStats(app: App, { database }: GatewayContext): void {
  app.get(
    '/api/stats',
    { schema: { summary: 'Counts over all issues and deliveries', response: { 200: Stats } } },
    () => readStatistics(database.queries),
  );
}
