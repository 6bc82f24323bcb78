import { lexicon, lexiconsOf } from './lexicons.ts';
import type { Scan } from './scan.ts';
import { zone, zoneMask } from './scan.ts';
import { signal } from './signals.ts';

const leadTokens = 40;

/** Counts over the tokens: the word lists by zone, lengths, how the title begins. */
export function countWords(scan: Scan): void {
  const { signals, text } = scan;
  let prose = 0;
  let title = 0;
  let leadEnd = 0;
  for (let at = 0; at < scan.count; at++) {
    const where = scan.place[at]! & zoneMask;
    if (where === zone.code) continue;
    const bits = lexiconsOf(scan.hash[at]!);
    if (where === zone.title) {
      if (bits !== 0) countTitleWord(signals, bits, title);
      title++;
      continue;
    }
    if (where === zone.heading) {
      if (bits & lexicon.reproduce) signals[signal.headingReproduce]!++;
      if (bits & lexicon.expected) signals[signal.headingExpected]!++;
      if (bits & lexicon.environment) signals[signal.headingEnvironment]!++;
      if (bits & lexicon.headingRequest) signals[signal.headingRequest]!++;
      if (bits & lexicon.headingQuestion) signals[signal.headingQuestion]!++;
      continue;
    }
    if (where !== zone.prose) continue;
    prose++;
    if (prose === leadTokens) leadEnd = scan.end[at]!;
    if (bits === 0) continue;
    if (bits & lexicon.trouble) signals[signal.troubleWords]!++;
    if (bits & lexicon.request) signals[signal.requestWords]!++;
    if (bits & lexicon.question) signals[signal.questionWords]!++;
    if (bits & lexicon.documentation) signals[signal.documentationWords]!++;
    if (bits & lexicon.negation) signals[signal.negations]!++;
    if (bits & lexicon.modal) signals[signal.modals]!++;
    if (bits & lexicon.firstPerson) signals[signal.firstPerson]!++;
    if (bits & lexicon.thanks) signals[signal.thanks]!++;
  }
  signals[signal.titleTokens] = title;
  signals[signal.bodyTokens] = prose;
  signals[signal.bodyIsEmpty] = prose === 0 ? 1 : 0;
  if (text.charCodeAt(0) === 91) signals[signal.titleBracket] = 1;
  const colon = text.indexOf(':');
  if (colon > 0 && colon < Math.min(scan.titleEnd, 30)) signals[signal.titleColon] = 1;
  const stop = leadEnd === 0 ? text.length : leadEnd;
  for (let line = 0; line < scan.proseLines; line++) {
    const end = Math.min(scan.proseEnd[line]!, stop);
    for (let at = scan.proseStart[line]!; at < end; at++) {
      if (text.charCodeAt(at) === 63) signals[signal.leadQuestionMarks]!++;
    }
  }
}

function countTitleWord(signals: Float64Array, bits: number, position: number): void {
  if (bits & lexicon.trouble) signals[signal.titleTroubleWords]!++;
  if (bits & lexicon.request) signals[signal.titleRequestWords]!++;
  if (bits & lexicon.question) signals[signal.titleQuestionWords]!++;
  if (bits & lexicon.documentation) signals[signal.titleDocumentationWords]!++;
  if (bits & lexicon.negation) signals[signal.titleNegations]!++;
  if (position > 0) return;
  if (bits & lexicon.question) signals[signal.titleStartsWithQuestionWord] = 1;
  if (bits & lexicon.request) signals[signal.titleStartsWithRequestVerb] = 1;
}
