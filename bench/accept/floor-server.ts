import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/** Resolves once the webhook is durable. */
export type Append = (key: string, value: Buffer) => Promise<unknown>;

/** The least that accepting a webhook can be: node:http, HMAC, an append. */
export async function startFloorServer(
  secret: string,
  append: Append,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  let number = 0;
  const server = createServer((request, response) => {
    const answer = (status: number) => response.writeHead(status, { 'content-length': 0 }).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const value = Buffer.concat(chunks);
      const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(value).digest('hex')}`);
      const given = Buffer.from(String(request.headers['x-hub-signature-256']));
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        answer(401);
        return;
      }
      number += 1;
      append(`1#${number}`, value).then(
        () => answer(202),
        () => answer(503),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, stop: async () => void server.close() };
}
