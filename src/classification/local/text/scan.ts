import { signalCount } from './signals.ts';

/** Where a token stands. */
export const zone = { title: 0, prose: 1, heading: 2, code: 3, checkbox: 4, quote: 5 } as const;

/** Set beside the zone on the first token of a line: n-grams do not reach across lines. */
export const lineStartFlag = 16;
export const zoneMask = 15;

/** What is read of an issue; the rest cannot change an answer. Keeps hostile input cheap and offsets in 16 bits. */
export const titleLimit = 512;
export const bodyLimit = 8192;
const tokenLimit = 8192;
const proseLineLimit = 24;

/** One issue as tokens. Reused from issue to issue: nothing is allocated for each. */
export interface Scan {
  /** Title, newline, body, each cut to its limit. All offsets are into this. */
  text: string;
  titleEnd: number;
  count: number;
  readonly hash: Uint32Array;
  readonly start: Uint16Array;
  readonly end: Uint16Array;
  /** Zone and flags. */
  readonly place: Uint8Array;
  /** Counts by `signal`. */
  readonly signals: Float64Array;
  /** The first lines of prose, for the summary. */
  proseLines: number;
  readonly proseStart: Uint16Array;
  readonly proseEnd: Uint16Array;
}

export function createScan(): Scan {
  return {
    text: '',
    titleEnd: 0,
    count: 0,
    hash: new Uint32Array(tokenLimit),
    start: new Uint16Array(tokenLimit),
    end: new Uint16Array(tokenLimit),
    place: new Uint8Array(tokenLimit),
    signals: new Float64Array(signalCount),
    proseLines: 0,
    proseStart: new Uint16Array(proseLineLimit),
    proseEnd: new Uint16Array(proseLineLimit),
  };
}

export function resetScan(scan: Scan, title: string, body: string): void {
  const head = title.length > titleLimit ? title.slice(0, titleLimit) : title;
  scan.text = `${head}\n${body.length > bodyLimit ? body.slice(0, bodyLimit) : body}`;
  scan.titleEnd = head.length;
  scan.count = 0;
  scan.proseLines = 0;
  scan.signals.fill(0);
}

export function emitToken(scan: Scan, hash: number, start: number, end: number, place: number): void {
  const at = scan.count;
  if (at >= tokenLimit) return;
  scan.hash[at] = hash;
  scan.start[at] = start;
  scan.end[at] = end;
  scan.place[at] = place;
  scan.count = at + 1;
}

export function noteProseLine(scan: Scan, start: number, end: number): void {
  const at = scan.proseLines;
  if (at >= proseLineLimit) return;
  scan.proseStart[at] = start;
  scan.proseEnd[at] = end;
  scan.proseLines = at + 1;
}
