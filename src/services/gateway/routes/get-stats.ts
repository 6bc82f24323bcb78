import { Stats } from '../../../contracts/rest.ts';
import { readStatistics } from '../../../database/statistics.ts';
import type { App, GatewayContext } from '../gateway-context.ts';
import { rarely } from '../rarely.ts';

export function getStats(app: App, { database, effects }: GatewayContext): void {
  const statistics = rarely(effects.clock, () => readStatistics(database.queries));
  app.get(
    '/api/stats',
    { schema: { summary: 'Counts over all issues and deliveries', response: { 200: Stats } } },
    statistics,
  );
}
