import { characterClass, classOf } from './characters.ts';
import { countWords } from './count-words.ts';
import type { Scan } from './scan.ts';
import { noteProseLine, resetScan, zone } from './scan.ts';
import { scanLine } from './scan-line.ts';
import { signal } from './signals.ts';
import { isErrorLine, isStackFrame } from './stack-trace.ts';

const codeTokenLimit = 400;

/** Reads title and body into `scan`: one pass, linear in what is read, whatever the text. */
export function scanIssue(scan: Scan, title: string, body: string): void {
  resetScan(scan, title, body);
  scanLine(scan, 0, scan.titleEnd, zone.title);
  const signals = scan.signals;
  signals[signal.titleQuestionMarks] = signals[signal.questionMarks]!;
  signals[signal.titleExclamations] = signals[signal.exclamations]!;
  signals[signal.titleBackticks] = signals[signal.backticks]!;
  signals[signal.questionMarks] = 0;
  signals[signal.exclamations] = 0;
  signals[signal.backticks] = 0;
  scanBody(scan);
  countWords(scan);
}

function scanBody(scan: Scan): void {
  const { text, signals } = scan;
  const end = text.length;
  const codeFrom = scan.count;
  let at = scan.titleEnd + 1;
  let fence = 0;
  let comment = false;
  while (at < end) {
    let lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0) lineEnd = end;
    const next = lineEnd + 1;
    let to = lineEnd;
    while (to > at && classOf(text.charCodeAt(to - 1)) === characterClass.space) to--;
    let from = at;
    while (from < to && classOf(text.charCodeAt(from)) === characterClass.space) from++;
    at = next;
    if (from >= to) continue;
    const code = text.charCodeAt(from);
    if (comment) {
      const close = text.indexOf('-->', from);
      if (close < 0) return;
      comment = false;
      at = close + 3;
      continue;
    }
    if ((code === 96 || code === 126) && isFence(text, from, to, code)) {
      if (fence === 0) {
        fence = code;
        signals[signal.codeBlocks]!++;
      } else if (fence === code) fence = 0;
      continue;
    }
    signals[signal.bodyLines]!++;
    if (isStackFrame(text, from, to)) signals[signal.stackFrames]!++;
    else if (isErrorLine(text, from, to)) signals[signal.errorLines]!++;
    if (fence !== 0) {
      signals[signal.codeLines]!++;
      if (scan.count - codeFrom < codeTokenLimit + 1200) scanCode(scan, from, to);
      continue;
    }
    if (code === 60 && text.startsWith('<!--', from)) {
      signals[signal.comments]!++;
      comment = true;
      at = from + 4;
      continue;
    }
    scanBlock(scan, from, to, code);
  }
}

/** Code has its own words, and its marks say nothing about the prose. */
function scanCode(scan: Scan, from: number, to: number): void {
  const { signals } = scan;
  const questions = signals[signal.questionMarks]!;
  const exclamations = signals[signal.exclamations]!;
  const identifiers = signals[signal.identifiers]!;
  scanLine(scan, from, to, zone.code);
  signals[signal.questionMarks] = questions;
  signals[signal.exclamations] = exclamations;
  signals[signal.identifiers] = identifiers;
}

function scanBlock(scan: Scan, from: number, to: number, code: number): void {
  const { text, signals } = scan;
  const next = from + 1 < to ? text.charCodeAt(from + 1) : 0;
  if (code === 35) {
    let level = from;
    while (level < to && text.charCodeAt(level) === 35) level++;
    if (level - from <= 6 && classOf(text.charCodeAt(level)) !== characterClass.digit) {
      signals[signal.headings]!++;
      scanLine(scan, level, to, zone.heading);
      return;
    }
  }
  if (code === 62) {
    signals[signal.quotedLines]!++;
    scanLine(scan, from + 1, to, zone.quote);
    return;
  }
  if (code === 124) signals[signal.tableRows]!++;
  if (isEmptyAnswer(text, from, to)) {
    signals[signal.emptyAnswers]!++;
    return;
  }
  if ((code === 45 || code === 42 || code === 43) && next === 32) {
    const mark = from + 2 < to && text.charCodeAt(from + 2) === 91 && text.charCodeAt(from + 4) === 93;
    if (mark) {
      const unchecked = text.charCodeAt(from + 3) === 32;
      signals[unchecked ? signal.uncheckedBoxes : signal.checkedBoxes]!++;
      scanLine(scan, Math.min(from + 5, to), to, zone.checkbox);
      return;
    }
    signals[signal.bullets]!++;
    noteProseLine(scan, from + 2, to);
    scanLine(scan, from + 2, to, zone.prose);
    return;
  }
  if (
    classOf(code) === characterClass.digit &&
    (next === 46 || next === 41) &&
    text.charCodeAt(from + 2) === 32
  ) {
    signals[signal.numberedSteps]!++;
    scanLine(scan, from + 2, to, zone.prose);
    return;
  }
  // Old templates mark their headings in bold: `**Describe the bug**`.
  if (code === 42 && next === 42 && to - from < 90 && endsBold(text, from, to)) {
    signals[signal.headings]!++;
    scanLine(scan, from, to, zone.heading);
    return;
  }
  noteProseLine(scan, from, to);
  scanLine(scan, from, to, zone.prose);
}

function isFence(text: string, from: number, to: number, mark: number): boolean {
  return to - from >= 3 && text.charCodeAt(from + 1) === mark && text.charCodeAt(from + 2) === mark;
}

function endsBold(text: string, from: number, to: number): boolean {
  const last = text.charCodeAt(to - 1) === 58 ? to - 1 : to;
  return last - from > 4 && text.charCodeAt(last - 1) === 42 && text.charCodeAt(last - 2) === 42;
}

const emptyAnswers: ReadonlySet<string> = new Set([
  '_no response_',
  'n/a',
  'na',
  'none',
  'no response',
  '...',
  '-',
]);

/** What GitHub's issue forms, and people in a hurry, put where nothing was answered. */
export function isEmptyAnswer(text: string, from: number, to: number): boolean {
  return to - from <= 13 && emptyAnswers.has(text.slice(from, to).toLowerCase());
}
