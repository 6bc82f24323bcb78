import { z } from 'zod';
import { DeliveryList } from '../../../contracts/rest.ts';
import { readLastDeliveries } from '../../../database/delivery-reads.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function listDeliveries(app: App, { database }: GatewayContext): void {
  app.get(
    '/api/deliveries',
    {
      schema: {
        summary: 'The webhooks seen last',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
        response: { 200: DeliveryList },
      },
    },
    async (request) => {
      const deliveries = await readLastDeliveries(database.queries, request.query.limit);
      return { deliveries: deliveries.map(({ actor: _, ...delivery }) => delivery) };
    },
  );
}
