import { z } from 'zod';
import { readRepositories } from '../../../database/issue-reads.ts';
import type { App, GatewayContext } from '../gateway-context.ts';

const repositoriesShown = 1_000;

export function listRepositories(app: App, { database }: GatewayContext): void {
  app.get(
    '/api/repositories',
    {
      schema: {
        summary: 'Repositories with their number of issues, most first',
        response: {
          200: z.object({
            repositories: z.array(z.object({ repository: z.string(), count: z.number().int() })),
          }),
        },
      },
    },
    async () => ({ repositories: [...(await readRepositories(database.queries, repositoriesShown))] }),
  );
}
