import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-Hub-Signature-256`: `sha256=` and the HMAC-SHA256 of the raw body in hex.
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function signBody(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Whether any of the secrets signed these bytes; several, so that one can be rotated without losing a delivery.
 * An empty secret signs nothing: anybody could have made its signature.
 */
export function verifySignature(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  if (hex === undefined) return false;
  const claimed = Buffer.from(hex, 'hex');
  return secrets.some(
    (secret) => secret !== '' && timingSafeEqual(createHmac('sha256', secret).update(body).digest(), claimed),
  );
}
