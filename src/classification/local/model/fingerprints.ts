import { createHash } from 'node:crypto';

const width = 5;

/** Forty bits of a text, whatever its blanks and line ends: enough to say that a text was trained on. */
export function fingerprintOf(title: string, body: string): Uint8Array {
  const text = `${title} ${body}`.replace(/\s+/gu, ' ').trim().toLowerCase();
  return new Uint8Array(createHash('sha256').update(text).digest().subarray(0, width));
}

/** Sorted and without repeats, as the model's file holds them. */
export function packFingerprints(fingerprints: readonly Uint8Array[]): Uint8Array {
  const sorted = fingerprints.toSorted(Buffer.compare);
  const distinct = sorted.filter((each, at) => at === 0 || Buffer.compare(each, sorted[at - 1]!) !== 0);
  return new Uint8Array(Buffer.concat(distinct));
}

/** Whether `fingerprint` stands among packed ones. One in 30 million texts that do not is taken for one that does. */
export function hasFingerprint(packed: Uint8Array, fingerprint: Uint8Array): boolean {
  let low = 0;
  let high = packed.length / width;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = Buffer.compare(packed.subarray(middle * width, middle * width + width), fingerprint);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
