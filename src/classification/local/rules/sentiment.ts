import type { Answer } from '../../../contracts/classification.ts';
import { signal } from '../text/signals.ts';
import type { Reading } from './reading.ts';
import { assume, type CueRule, firstVerdict } from './verdict.ts';

type Sentiment = Answer['sentiment']['value'];

const annoyed: readonly CueRule<Sentiment>[] = [
  { cue: 'frustrated', value: 'frustrated', strength: 0.75, why: 'the author is annoyed' },
];
const pleased: readonly CueRule<Sentiment>[] = [
  { cue: 'positive', value: 'positive', strength: 0.7, why: 'the author likes it' },
];

const loud = 4;

/** How the author sounds. Being polite is not being pleased. */
export function sentiment(reading: Reading): Answer['sentiment'] {
  const { cues, scan } = reading;
  if (cues.count('frustrated') >= cues.count('positive')) {
    const found = firstVerdict(reading, annoyed);
    if (found !== undefined) return found;
  }
  const found = firstVerdict(reading, pleased);
  if (found !== undefined) return found;
  const marks = scan.signals[signal.exclamations]! + scan.signals[signal.titleExclamations]!;
  if (marks >= loud && scan.signals[signal.shoutedWords]! >= loud) {
    return assume('frustrated', 0.5, `${marks} exclamation marks and words in capitals.`);
  }
  const polite = cues.first('polite');
  if (polite === undefined) return assume('neutral', 0.7, 'No words of annoyance or praise.');
  return {
    ...assume('neutral', 0.7, `Polite ("${polite.text}"), no annoyance or praise.`),
    evidence: [{ text: polite.text, weight: 1 }],
  };
}
