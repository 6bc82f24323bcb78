import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const dayMs = 86_400_000;
export const sessionMs = 30 * dayMs;
export const sessionCookie = 'dispatchai_session';

/** Compares in constant time, whatever the lengths. */
export function equalSecrets(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** A cookie's value that proves the token was known, without being it: `<expiry in ms>.<HMAC>`. */
export function makeSession(token: string, now: number): string {
  const expires = String(now + sessionMs);
  return `${expires}.${sign(token, expires)}`;
}

export function isSession(value: string, token: string, now: number): boolean {
  const [expires = '', signature = ''] = value.split('.');
  return /^\d{1,16}$/.test(expires) && equalSecrets(signature, sign(token, expires)) && Number(expires) > now;
}

const sign = (token: string, expires: string) =>
  createHmac('sha256', token).update(`dispatchai session until ${expires}`).digest('base64url');

/** `Authorization: Bearer …`, RFC 6750. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(.+)$/i.exec(header ?? '')?.[1] ?? null;
}
