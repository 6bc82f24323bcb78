import { characterClass, classOf, lowerOf } from './characters.ts';
import { fnvBasis, fnvPrime, hashWord } from './fnv.ts';
import type { Scan } from './scan.ts';
import { emitToken, lineStartFlag } from './scan.ts';
import { signal } from './signals.ts';

/** What stands in for text whose exact letters say nothing. */
export const placeholder = {
  url: hashWord('\u0001url'),
  version: hashWord('\u0001version'),
  hash: hashWord('\u0001hash'),
  number: hashWord('\u0001number'),
  path: hashWord('\u0001path'),
  mention: hashWord('\u0001mention'),
  reference: hashWord('\u0001reference'),
} as const;

const http = hashWord('http');
const https = hashWord('https');
const { letter, digit, space, ideograph } = characterClass;

/** How far a tag or a link's target is looked for; text that opens many and closes none stays linear. */
const closeWithin = 400;

/** Emits the tokens of one line, `from` to `to`, and counts what it meets. */
export function scanLine(scan: Scan, from: number, to: number, zone: number): void {
  const text = scan.text;
  const signals = scan.signals;
  const before = scan.count;
  let at = from;
  let parenthesisMissing = false;
  let angleMissing = false;
  while (at < to) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind === letter || kind === digit) {
      at = scanWord(scan, at, to, zone);
      continue;
    }
    if (kind === space) {
      at++;
      continue;
    }
    if (kind === ideograph) {
      emitToken(scan, Math.imul(fnvBasis ^ code, fnvPrime) >>> 0, at, at + 1, zone);
      at++;
      continue;
    }
    const next = at + 1 < to ? text.charCodeAt(at + 1) : 0;
    if (code === 63) signals[signal.questionMarks]!++;
    else if (code === 33) {
      if (next === 91) signals[signal.images]!++;
      else signals[signal.exclamations]!++;
    } else if (code === 96) signals[signal.backticks]!++;
    else if (code === 93 && next === 40 && !parenthesisMissing) {
      const close = find(text, 41, at + 2, to);
      if (close < 0) parenthesisMissing = true;
      else {
        signals[signal.links]!++;
        at = close + 1;
        continue;
      }
    } else if (code === 60 && !angleMissing && (classOf(next) === letter || next === 47)) {
      const close = find(text, 62, at + 1, to);
      if (close < 0) angleMissing = true;
      else {
        signals[signal.htmlTags]!++;
        if (lowerOf(next) === 105 && lowerOf(text.charCodeAt(at + 2)) === 109) signals[signal.images]!++;
        at = close + 1;
        continue;
      }
    } else if (code === 64 && classOf(next) === letter) {
      const end = endOfRun(text, at + 1, to);
      emitToken(scan, placeholder.mention, at, end, zone);
      signals[signal.mentions]!++;
      at = end;
      continue;
    } else if (code === 35 && classOf(next) === digit) {
      const end = endOfRun(text, at + 1, to);
      emitToken(scan, placeholder.reference, at, end, zone);
      signals[signal.references]!++;
      at = end;
      continue;
    } else if (code === 47 && classOf(next) === letter && (at === from || !inWord(text.charCodeAt(at - 1)))) {
      const end = endOfPath(text, at, to);
      emitToken(scan, placeholder.path, at, end, zone);
      signals[signal.paths]!++;
      at = end;
      continue;
    }
    at++;
  }
  if (scan.count > before) scan.place[before] = scan.place[before]! | lineStartFlag;
}

function inWord(code: number): boolean {
  const kind = classOf(code);
  return kind === letter || kind === digit;
}

function find(text: string, wanted: number, from: number, to: number): number {
  const end = Math.min(to, from + closeWithin);
  for (let at = from; at < end; at++) if (text.charCodeAt(at) === wanted) return at;
  return -1;
}

function endOfRun(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind !== letter && kind !== digit && code !== 45) break;
    at++;
  }
  return at;
}

/** Letters, digits and `. - / \ + ~` in one run. */
function endOfPath(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind !== letter && kind !== digit && code !== 47 && code !== 92 && !(code >= 45 && code <= 46)) break;
    at++;
  }
  return at;
}

function endOfUrl(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (classOf(code) === space || code === 41 || code === 62 || code === 93 || code === 34 || code === 60)
      break;
    at++;
  }
  return at;
}

/** One word, or what a word turns out to begin: an address, a version, a path. Returns where it ends. */
function scanWord(scan: Scan, from: number, to: number, zone: number): number {
  const text = scan.text;
  const signals = scan.signals;
  let hash = fnvBasis;
  let at = from;
  let digits = 0;
  let beyondHex = 0;
  let upper = 0;
  let inner = 0;
  while (at < to) {
    const code = text.charCodeAt(at);
    const kind = classOf(code);
    if (kind === letter) {
      const low = lowerOf(code);
      if (low !== code) {
        upper++;
        if (at > from && lowerOf(text.charCodeAt(at - 1)) === text.charCodeAt(at - 1)) inner++;
      }
      if (code === 95) inner++;
      if (low > 102) beyondHex++;
      hash = Math.imul(hash ^ low, fnvPrime);
    } else if (kind === digit) {
      digits++;
      // All digits are one: `10px` and `12px` are the same word.
      hash = Math.imul(hash ^ 48, fnvPrime);
    } else if (
      (code === 39 || code === 0x2019) &&
      at + 1 < to &&
      classOf(text.charCodeAt(at + 1)) === letter
    ) {
      // An apostrophe is left out: `doesn't` is `doesnt`, as people also write it.
    } else break;
    at++;
  }
  hash >>>= 0;
  const length = at - from;
  const next = at < to ? text.charCodeAt(at) : 0;
  const afterNext = at + 1 < to ? text.charCodeAt(at + 1) : 0;
  if (next === 58 && (hash === http || hash === https) && afterNext === 47) {
    const end = endOfUrl(text, at, to);
    signals[signal.urls]!++;
    emitToken(scan, placeholder.url, from, end, zone);
    return end;
  }
  if (next === 47 || (next === 58 && afterNext === 92 && length === 1)) {
    const end = endOfPath(text, at + 1, to);
    if (looksLikePath(text, at, end)) {
      signals[signal.paths]!++;
      emitToken(scan, placeholder.path, from, end, zone);
      return end;
    }
  }
  if (digits > 0) {
    if (next === 46 && classOf(afterNext) === digit && digits >= length - 1) {
      const end = endOfPath(text, at + 1, to);
      signals[signal.versions]!++;
      emitToken(scan, placeholder.version, from, end, zone);
      return end;
    }
    if (digits === length) {
      signals[signal.numbers]!++;
      emitToken(scan, placeholder.number, from, at, zone);
      return at;
    }
    if (length >= 7 && beyondHex === 0) {
      signals[signal.hashes]!++;
      emitToken(scan, placeholder.hash, from, at, zone);
      return at;
    }
  }
  if (inner > 0) signals[signal.identifiers]!++;
  else if (upper === length && length > 3) signals[signal.shoutedWords]!++;
  emitToken(scan, hash, from, at, zone);
  return at;
}

/** Two separators, or one and a file's extension: `src/x.ts`, but not `and/or`. */
function looksLikePath(text: string, from: number, to: number): boolean {
  let separators = 0;
  let dots = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 47 || code === 92) separators++;
    else if (code === 46 && at + 1 < to) dots++;
  }
  return separators > 1 || dots > 0;
}
