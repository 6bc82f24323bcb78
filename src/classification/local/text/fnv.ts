import { lowerOf } from './characters.ts';

/** FNV-1a, 32 bits: offset basis and prime of http://www.isthe.com/chongo/tech/comp/fnv/. */
export const fnvBasis = 0x811c9dc5;
export const fnvPrime = 0x01000193;

/** FNV-1a over lower-cased UTF-16 units; the scanner computes the same while it walks. */
export function hashWord(word: string): number {
  let hash = fnvBasis;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ lowerOf(word.charCodeAt(i)), fnvPrime);
  return hash >>> 0;
}

/** Folds `next` into `hash`, so that an n-gram's key needs no string. Order matters. */
export function fold(hash: number, next: number): number {
  const mixed = Math.imul(hash ^ next, 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0;
}
