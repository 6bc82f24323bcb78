import type { Answer } from '../../../contracts/classification.ts';
import { cut, plainText } from '../scoring/plain-text.ts';
import { hashWord } from '../text/fnv.ts';
import type { Scan } from '../text/scan.ts';
import { zone, zoneMask } from '../text/scan.ts';
import type { Reading } from './reading.ts';
import { stripMarkdown } from './strip-markdown.ts';

const longest = 280;
/** More of a line is never shown. */
const lineLimit = 600;
/** A first sentence shorter than this takes the next along. */
const short = 60;

/** Answers under such headings are about the machine, not the matter. */
const asides = new Set(
  'environment version versions system os platform browser device website app url link links logs log prerequisites checklist configuration hardware node npm python severity frequency component area package'
    .split(' ')
    .map(hashWord),
);

const greeting =
  /^(?:hi|hello|hey|dear|greetings|good (?:morning|day|evening)|thanks|thank you|cheers|tl;?dr:?|edit:?|update:?)\b[^.!?,:]{0,24}[,.!:]+\s*/iu;
const fact = /^(?:[\w ./()#-]{1,40}):\s*\S{0,60}(?:\s+\S{1,30}){0,3}$/u;
const template =
  /^(?:please |note:|before (?:opening|submitting)|describe the|a clear and concise|is your feature request|if applicable|add any other context|this template|type: (?:bug|feature)|does this issue occur|website or app|i have (?:searched|read|checked)|make sure|we have written the needed data)/iu;

/** The first sentence of the body that says something, else the title. Only cut and cleaned, never rephrased. */
export function summary({ scan }: Reading): Answer['summary'] {
  for (let line = 0; line < scan.proseLines; line++) {
    const start = scan.proseStart[line]!;
    const raw = scan.text.slice(start, Math.min(scan.proseEnd[line]!, start + lineLimit));
    const text = plainText(stripMarkdown(raw)).replace(greeting, '');
    if (!informative(text.replaceAll('[link]', '')) || underAside(scan, start)) continue;
    const value = cut(sentences(text), longest);
    return {
      value,
      confidence: 0.6,
      reason: 'The first sentence of the text that says something.',
      evidence: [{ text: cut(value, 60), weight: 1 }],
    };
  }
  const value = cut(plainText(stripMarkdown(scan.text.slice(0, scan.titleEnd))), longest);
  return {
    value,
    confidence: 0.4,
    reason: 'The title: the text has no sentence that says more.',
    evidence: [],
  };
}

function informative(text: string): boolean {
  if (text.length < 20 || !/\p{L}{2}/u.test(text)) return false;
  if (template.test(text) || fact.test(text)) return false;
  // Scripts without blanks have no words to count.
  return /[\u3040-\u9fff\uac00-\ud7af]/u.test(text) || text.split(' ').length >= 4;
}

/** The first sentence; with the second when it is short. */
function sentences(text: string): string {
  let end = endOfSentence(text, 0);
  if (end < short && end < text.length) end = endOfSentence(text, end);
  return text.slice(0, end).trim();
}

function endOfSentence(text: string, from: number): number {
  for (let at = from; at < text.length - 1; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3002) return at + 1;
    // A full stop ends a sentence before a blank and anything but a small letter: not in "e.g. this".
    if (
      (code === 46 || code === 33 || code === 63) &&
      text[at + 1] === ' ' &&
      !/\p{Ll}/u.test(text[at + 2] ?? '')
    ) {
      return at + 1;
    }
  }
  return text.length;
}

/** Whether the nearest heading above `offset` asks for the machine rather than the matter. */
function underAside(scan: Scan, offset: number): boolean {
  let aside = false;
  let lineEnd = -1;
  for (let at = 0; at < scan.count && scan.start[at]! < offset; at++) {
    if ((scan.place[at]! & zoneMask) !== zone.heading) continue;
    if (scan.start[at]! > lineEnd) {
      aside = false;
      lineEnd = scan.text.indexOf('\n', scan.start[at]!);
      if (lineEnd < 0) lineEnd = scan.text.length;
    }
    aside ||= asides.has(scan.hash[at]!);
  }
  return aside;
}
