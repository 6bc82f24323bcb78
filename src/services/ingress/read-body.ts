import type { IncomingMessage } from 'node:http';
import type { ByteHold } from './byte-budget.ts';

export type Body =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'busy' }
  /** The sender hung up, or was too slow. */
  | { readonly kind: 'gone' };

/** Reads a body up to `maxBytes`; past it, or when `hold` has no room, the stream is left paused where it stands. */
export function readBody(request: IncomingMessage, maxBytes: number, hold: ByteHold): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (body: Body) => {
      request.off('data', take).off('end', end).off('close', gone);
      resolve(body);
    };
    const stop = (body: Body) => {
      request.pause();
      settle(body);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) return stop({ kind: 'too-large' });
      if (!hold.take(chunk.length)) return stop({ kind: 'busy' });
      chunks.push(chunk);
    };
    const end = () => {
      const [only] = chunks;
      settle({
        kind: 'read',
        bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length),
      });
    };
    const gone = () => settle({ kind: 'gone' });
    request.on('data', take).once('end', end).once('close', gone);
    // A broken connection is told by `close`; without a listener its `error` would end the process.
    request.on('error', gone);
  });
}
