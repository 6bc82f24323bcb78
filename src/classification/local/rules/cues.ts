import { plainText } from '../scoring/plain-text.ts';
import { hashWord } from '../text/fnv.ts';
import { lexicon, lexiconsOf } from '../text/lexicons.ts';
import type { Scan } from '../text/scan.ts';
import { zone, zoneMask } from '../text/scan.ts';
import { type CueName, cueWords } from './cue-words.ts';

/** One place where a cue stands. */
export interface Cue {
  /** As it stands in the issue. */
  readonly text: string;
  readonly inTitle: boolean;
}

/** The first place of each cue, the title before the body, and how often it stands there. */
export interface Cues {
  first(name: CueName): Cue | undefined;
  count(name: CueName): number;
}

interface Phrase {
  readonly name: number;
  readonly words: readonly number[];
}

const names = Object.keys(cueWords) as CueName[];
const indexOfName = Object.fromEntries(names.map((name, at) => [name, at])) as Record<CueName, number>;

const size = 4096;
const keys = new Uint32Array(size);
const phrases: Phrase[][] = Array.from({ length: size }, () => []);

const place = (hash: number): number => {
  let at = hash & (size - 1);
  while (keys[at] !== 0 && keys[at] !== hash) at = (at + 1) & (size - 1);
  return at;
};

for (const name of names) {
  for (const phrase of cueWords[name].split('|')) {
    const words = phrase.split(' ').map(hashWord);
    const at = place(words[0]!);
    keys[at] = words[0]!;
    phrases[at]!.push({ name: indexOfName[name], words });
  }
}

/** Walks the tokens once. A cue right behind a negation ("not urgent", "no crash") is left out, and so are code, quotes and templates' headings. */
export function findCues(scan: Scan): Cues {
  const firstAt = new Int32Array(names.length).fill(-1);
  const lastAt = new Int32Array(names.length);
  const counts = new Uint16Array(names.length);
  for (let at = 0; at < scan.count; at++) {
    const where = scan.place[at]! & zoneMask;
    if (where !== zone.title && where !== zone.prose) continue;
    const slot = place(scan.hash[at]!);
    if (keys[slot] === 0) continue;
    if (at > 0 && lexiconsOf(scan.hash[at - 1]!) & lexicon.negation) continue;
    for (const { name, words } of phrases[slot]!) {
      if (!follows(scan, at, words)) continue;
      counts[name]!++;
      if (firstAt[name]! >= 0) continue;
      firstAt[name] = at;
      lastAt[name] = at + words.length - 1;
    }
  }
  return {
    first: (name) => {
      const at = firstAt[indexOfName[name]]!;
      if (at < 0) return undefined;
      const text = plainText(scan.text.slice(scan.start[at], scan.end[lastAt[indexOfName[name]]!]));
      return { text, inTitle: (scan.place[at]! & zoneMask) === zone.title };
    },
    count: (name) => counts[indexOfName[name]]!,
  };
}

function follows(scan: Scan, at: number, words: readonly number[]): boolean {
  if (at + words.length > scan.count) return false;
  for (let i = 1; i < words.length; i++) if (scan.hash[at + i] !== words[i]) return false;
  return true;
}
