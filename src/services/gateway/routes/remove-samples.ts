import { z } from 'zod';
import { removeSamples } from '../../../operations/remove-samples.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

export function removeSampleIssues(app: App, { database, effects }: GatewayContext): void {
  app.post(
    '/api/samples/remove',
    {
      schema: {
        summary: 'Removes the sample issues of the first start, for good',
        response: { 200: z.object({ removed: z.number().int() }) },
      },
    },
    () => removeSamples({ database, clock: effects.clock }, 'a person'),
  );
}
