import type { Answer } from '../../../contracts/classification.ts';
import { signal } from '../text/signals.ts';
import type { Reading } from './reading.ts';
import { assume, type CueRule, firstVerdict } from './verdict.ts';

type Effort = Answer['effort']['value'];

const cues: readonly CueRule<Effort>[] = [
  { cue: 'typo', value: 'small', strength: 0.8, why: 'a change of words' },
  { cue: 'small', value: 'small', strength: 0.65, why: 'it is called a small change' },
  { cue: 'large', value: 'large', strength: 0.6, why: 'it reaches far' },
  { cue: 'cosmetic', value: 'small', strength: 0.5, why: 'it is about looks' },
];

const manyOpenBoxes = 6;

/** A first guess from the text alone: what a change reaches is not in an issue. */
export function effort(reading: Reading): Answer['effort'] {
  const found = firstVerdict(reading, cues);
  if (found !== undefined) return found;
  const open = reading.scan.signals[signal.uncheckedBoxes]!;
  if (open >= manyOpenBoxes && reading.category !== 'bug')
    return assume('large', 0.5, `It lists ${open} open tasks.`);
  if (reading.category === 'question') return assume('small', 0.5, 'A question takes an answer.');
  if (reading.category === 'documentation') return assume('small', 0.5, 'It is about documentation.');
  return assume('medium', 0.4, 'Nothing in it says how much work it is.');
}
