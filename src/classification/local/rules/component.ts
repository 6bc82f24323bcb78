import type { Answer } from '../../../contracts/classification.ts';
import { cut, plainText } from '../scoring/plain-text.ts';
import { hashWord } from '../text/fnv.ts';
import type { Scan } from '../text/scan.ts';
import { zone, zoneMask } from '../text/scan.ts';
import { placeholder } from '../text/scan-line.ts';
import type { Reading } from './reading.ts';
import { assume, type Verdict } from './verdict.ts';

type Component = Answer['component'];

const longest = 40;

/** Words that say what kind of issue it is, or how it stands, not where it belongs. */
const kinds =
  /\b(?:bug|bugs|bug report|issue|feature|feature request|request|enhancement|question|help|help wanted|docs?|documentation|rfc|wip|urgent|proposal|discussion|suggestion|idea|regression|crash|fix|feat|chore|refactor|perf|test|tests|style|build|ci|revert|todo|solved|closed|fr|support|problem|error|exception|warning|note|how to|typo|security|critical|question about|area|component|package|module|readme|changelog|other|general|all|misc|n\/a)\b/giu;

/** Said in the title's prefix, in a form's answer, or by a path of a package; null when nothing says it. */
export function component(reading: Reading): Component {
  const { scan } = reading;
  const title = scan.text.slice(0, scan.titleEnd);
  return (
    inBrackets(title) ??
    inScope(title) ??
    answered(scan) ??
    beforeColon(title) ??
    inPackage(scan) ??
    assume(null, 0.5, 'Neither the title, a form nor a path names a component.')
  );
}

function named(raw: string, confidence: number, where: string): Verdict<string | null> | undefined {
  const found = plainText(raw);
  const value = plainText(found.replace(kinds, ' ').replace(/^[\s:/,.&|–-]+|[\s:/,.&|–-]+$/gu, ''));
  if (value.length < 2 || value.length > longest || !/\p{L}{2}/u.test(value)) return undefined;
  return { value, confidence, reason: `"${value}" ${where}.`, evidence: [{ text: value, weight: 1 }] };
}

/** `[DevTools Bug] …` and `[compiler][eslint] …`: the first that names more than a kind. */
function inBrackets(title: string): Component | undefined {
  let at = 0;
  while (title[at] === '[') {
    const close = title.indexOf(']', at);
    if (close < 0) return undefined;
    const inside = title.slice(at + 1, close);
    if (!/\bv?\d+\.\d/u.test(inside)) {
      const found = named(inside, 0.85, 'stands in brackets before the title');
      if (found !== undefined) return found;
    }
    at = close + 1;
    while (title[at] === ' ' || title[at] === ':') at++;
  }
  return undefined;
}

/** `fix(router): …`, as in conventional commits. */
function inScope(title: string): Component | undefined {
  const match = /^[a-z]{2,12}\(([\w./@ -]{2,40})\)!?:/u.exec(title);
  return match === null ? undefined : named(match[1]!, 0.85, 'is the scope in the title');
}

const sentenceStart =
  /^(?:how|what|why|when|where|which|who|is|are|can|could|does|do|should|would|unable|cannot|after|the|a|an|i|it|this|there|uncaught)\b/iu;
const failure = /(?:error|exception|warning|failure|failed)$/iu;

/** `area: …`, `opencv_videoio: …`: one to three words before a colon. */
function beforeColon(title: string): Component | undefined {
  const colon = title.indexOf(':');
  if (colon < 2 || colon > longest || title[colon + 1] !== ' ') return undefined;
  const prefix = title.slice(0, colon).trim();
  if (prefix.split(/\s+/u).length > 3 || sentenceStart.test(prefix) || failure.test(prefix)) return undefined;
  return named(prefix, 0.65, 'stands before the colon in the title');
}

const asks = new Set(
  ['component', 'components', 'area', 'areas', 'package', 'packages', 'module', 'modules', 'subsystem'].map(
    hashWord,
  ),
);

/** The line under a form's heading such as "Component", or behind `Component:` in the text. */
function answered(scan: Scan): Component | undefined {
  for (let at = 0; at < scan.count; at++) {
    if (!asks.has(scan.hash[at]!)) continue;
    const where = scan.place[at]! & zoneMask;
    const end = scan.end[at]!;
    if (where === zone.heading) {
      const line = lineAfter(scan, at);
      const found = line === undefined ? undefined : named(line, 0.8, 'is the answer in the form');
      if (found !== undefined && !/[.?!] |, .*, /u.test(line!)) return found;
    } else if (where === zone.prose && scan.text[end] === ':') {
      const stop = scan.text.indexOf('\n', end);
      const rest = scan.text.slice(end + 1, Math.min(stop < 0 ? end + 81 : stop, end + 81));
      const found = named(
        rest.replace(/[*`]/gu, ''),
        0.7,
        `stands behind "${scan.text.slice(scan.start[at], end)}:"`,
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The first line of prose after a heading's token, if no other heading comes between. */
function lineAfter(scan: Scan, heading: number): string | undefined {
  const from = scan.end[heading]!;
  let nextHeading = scan.text.length;
  const newline = scan.text.indexOf('\n', from);
  if (newline < 0) return undefined;
  for (let at = heading + 1; at < scan.count; at++) {
    if ((scan.place[at]! & zoneMask) === zone.heading && scan.start[at]! > newline) {
      nextHeading = scan.start[at]!;
      break;
    }
  }
  for (let line = 0; line < scan.proseLines; line++) {
    const start = scan.proseStart[line]!;
    if (start < newline) continue;
    return start < nextHeading
      ? scan.text.slice(start, Math.min(scan.proseEnd[line]!, start + 80))
      : undefined;
  }
  return undefined;
}

const packagePath =
  /(?:^|[/\\])(?:packages|apps|libs|modules|crates|plugins|extensions)[/\\]((?:@[\w-]{1,40}\/)?[\w-]{2,40})/u;

/** `packages/react-dom/…` in a monorepo. */
function inPackage(scan: Scan): Component | undefined {
  for (let at = 0; at < scan.count; at++) {
    if (scan.hash[at] !== placeholder.path) continue;
    const path = scan.text.slice(scan.start[at], Math.min(scan.end[at]!, scan.start[at]! + 200));
    if (path.includes('node_modules') || path.includes('site-packages')) continue;
    const match = packagePath.exec(path);
    if (match !== null) return named(match[1]!, 0.55, `is the package in "${cut(plainText(path), 60)}"`);
  }
  return undefined;
}
