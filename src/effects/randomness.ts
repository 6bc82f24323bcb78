import { randomBytes, randomUUID } from 'node:crypto';

/** Randomness and ids as values, for the same reason as the clock. */
export interface Randomness {
  /** A random UUID (version 4). */
  uuid(): string;
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). For jitter, not for secrets. */
  fraction(): number;
}

export const systemRandomness: Randomness = {
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
  fraction: () => Math.random(),
};
