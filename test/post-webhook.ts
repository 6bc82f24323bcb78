import { createHmac } from 'node:crypto';
import { secret } from './dispatchai-process.ts';

/** Posts a payload as GitHub would, signed; resolves with the status, or null when nobody answered. */
export async function postWebhook(
  url: string,
  delivery: string,
  payload: Uint8Array,
  event = 'issues',
): Promise<number | null> {
  const signature = createHmac('sha256', secret).update(payload).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': delivery,
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body: payload as Uint8Array<ArrayBuffer>,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
