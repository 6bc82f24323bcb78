import { characterClass, classOf, lowerOf } from '../text/characters.ts';
import { fold } from '../text/fnv.ts';
import type { Scan } from '../text/scan.ts';
import { lineStartFlag, zone, zoneMask } from '../text/scan.ts';
import { view, viewCount } from './views.ts';

const featureLimit = 49_152;
/** The lead is what stands in the first so many characters of prose. */
const leadLimit = 300;
const shortestGram = 3;
const longestGram = 5;

/** The n-grams of one issue as 32-bit keys, view after view. Reused from issue to issue. */
export interface Features {
  count: number;
  readonly key: Int32Array;
  /** First token of the n-gram; meaningless for characters. */
  readonly token: Uint16Array;
  /** How many tokens; 0 for characters. */
  readonly span: Uint8Array;
  /** Where each view ends in `key`. */
  readonly viewEnd: Uint32Array;
  readonly characters: Uint16Array;
}

export function createFeatures(): Features {
  return {
    count: 0,
    key: new Int32Array(featureLimit),
    token: new Uint16Array(featureLimit),
    span: new Uint8Array(featureLimit),
    viewEnd: new Uint32Array(viewCount),
    characters: new Uint16Array(2048),
  };
}

const seeds = Uint32Array.from({ length: viewCount }, (_, at) => fold(0x51ed270b, at + 1));

/** Fills `features` from a scanned issue. */
export function extractFeatures(scan: Scan, features: Features): void {
  features.count = 0;
  const bodyFrom = firstBodyToken(scan);
  const leadTo = endOfLead(scan, bodyFrom);
  words(scan, features, view.titleWords, 0, bodyFrom, 2, 1 << zone.title);
  const body = (1 << zone.prose) | (1 << zone.checkbox) | (1 << zone.quote);
  words(scan, features, view.bodyWords, bodyFrom, scan.count, 2, body);
  words(scan, features, view.leadWords, bodyFrom, leadTo, 3, 1 << zone.prose);
  words(scan, features, view.headingWords, bodyFrom, scan.count, 2, 1 << zone.heading);
  grams(scan, features, view.titleCharacters, 0, bodyFrom, zone.title);
  grams(scan, features, view.leadCharacters, bodyFrom, leadTo, zone.prose);
  words(scan, features, view.codeWords, bodyFrom, scan.count, 1, 1 << zone.code);
}

function firstBodyToken(scan: Scan): number {
  let at = 0;
  while (at < scan.count && (scan.place[at]! & zoneMask) === zone.title) at++;
  return at;
}

function endOfLead(scan: Scan, from: number): number {
  let length = 0;
  let at = from;
  for (; at < scan.count && length < leadLimit; at++) {
    if ((scan.place[at]! & zoneMask) === zone.prose) length += scan.end[at]! - scan.start[at]! + 1;
  }
  return at;
}

/** Word n-grams, 1 to `longest`, of the zones in `zones` (a bit each), within lines. */
function words(
  scan: Scan,
  out: Features,
  which: number,
  from: number,
  to: number,
  longest: number,
  zones: number,
): void {
  const { hash, place } = scan;
  const { key, token, span } = out;
  const seed = seeds[which]!;
  let count = out.count;
  const last = featureLimit - longest;
  for (let at = from; at < to && count < last; at++) {
    if (((zones >>> (place[at]! & zoneMask)) & 1) === 0) continue;
    let gram = fold(seed, hash[at]!);
    key[count] = gram;
    token[count] = at;
    span[count++] = 1;
    for (let n = 2; n <= longest; n++) {
      const next = at + n - 1;
      if (next >= to || (place[next]! & lineStartFlag) !== 0) break;
      gram = fold(gram, hash[next]!);
      key[count] = gram;
      token[count] = at;
      span[count++] = n;
    }
  }
  out.count = count;
  out.viewEnd[which] = count;
}

/** Character n-grams over the tokens of one zone, lower-cased, one blank between tokens. */
function grams(scan: Scan, out: Features, which: number, from: number, to: number, where: number): void {
  const { characters, key, token, span } = out;
  const { text, start, end, place } = scan;
  let length = 0;
  characters[length++] = 32;
  for (let at = from; at < to; at++) {
    if ((place[at]! & zoneMask) !== where) continue;
    const stop = Math.min(end[at]!, start[at]! + 24);
    if (length + 26 > characters.length) break;
    for (let i = start[at]!; i < stop; i++) {
      const code = text.charCodeAt(i);
      const kind = classOf(code);
      if (kind === characterClass.digit) characters[length++] = 48;
      else if (kind !== characterClass.other) characters[length++] = lowerOf(code);
    }
    characters[length++] = 32;
  }
  const seed = seeds[which]!;
  let count = out.count;
  for (let at = 0; at + shortestGram <= length && count < featureLimit - longestGram; at++) {
    let gram = fold(seed, characters[at]!);
    gram = fold(gram, characters[at + 1]!);
    for (let n = shortestGram; n <= longestGram && at + n <= length; n++) {
      gram = fold(gram, characters[at + n - 1]!);
      key[count] = gram;
      token[count] = 0;
      span[count++] = 0;
    }
  }
  out.count = count;
  out.viewEnd[which] = count;
}
