import { describe, expect, it } from 'vitest';
import { signBody, verifySignature } from './signature.ts';

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation */
const secret = "It's a Secret to Everybody";
const body = Buffer.from('Hello, World!');
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

describe('the signature', () => {
  it('is GitHub’s own', () => {
    expect(signBody(body, secret)).toBe(signature);
    expect(verifySignature(body, signature, [secret])).toBe(true);
  });

  it('may be made with any of the secrets', () => {
    expect(verifySignature(body, signature, ['a newer one', secret])).toBe(true);
    expect(verifySignature(body, signature, ['a newer one'])).toBe(false);
  });

  it('is refused for other bytes and other forms', () => {
    expect(verifySignature(Buffer.from('Hello, World'), signature, [secret])).toBe(false);
    for (const odd of [
      '',
      'sha256=',
      signature.slice(0, -1),
      `${signature}0`,
      signature.replace('256', '1'),
    ]) {
      expect(verifySignature(body, odd, [secret])).toBe(false);
    }
  });

  it('is never accepted with an empty secret or with none', () => {
    expect(verifySignature(body, signBody(body, ''), [''])).toBe(false);
    expect(verifySignature(body, signature, [])).toBe(false);
  });
});
