import { Setup } from '../../../contracts/rest.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function getSetup(app: App, { setup }: GatewayContext): void {
  app.get(
    '/api/setup',
    { schema: { summary: 'How real webhooks reach this server', response: { 200: Setup } } },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await setup()),
  );
}
