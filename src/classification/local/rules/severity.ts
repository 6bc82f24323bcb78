import type { Answer } from '../../../contracts/classification.ts';
import { signal } from '../text/signals.ts';
import type { Reading } from './reading.ts';
import { assume, type CueRule, firstVerdict } from './verdict.ts';

type Severity = Answer['severity']['value'];

const damage: readonly CueRule<Severity>[] = [
  { cue: 'outage', value: 'blocker', strength: 0.8, why: 'nothing works' },
  { cue: 'dataLoss', value: 'blocker', strength: 0.75, why: 'data is lost' },
  { cue: 'security', value: 'blocker', strength: 0.65, why: 'it can be abused' },
  { cue: 'typo', value: 'trivial', strength: 0.8, why: 'only words are wrong' },
  { cue: 'blocked', value: 'blocker', strength: 0.65, why: 'there is no way on' },
  { cue: 'workaround', value: 'minor', strength: 0.65, why: 'there is a way around it' },
  { cue: 'crash', value: 'major', strength: 0.75, why: 'the program stops' },
  { cue: 'cosmetic', value: 'minor', strength: 0.55, why: 'it is about looks' },
  { cue: 'minor', value: 'minor', strength: 0.7, why: 'the author calls it small' },
  { cue: 'regression', value: 'major', strength: 0.6, why: 'it worked before' },
  { cue: 'intermittent', value: 'minor', strength: 0.5, why: 'it does not always happen' },
  { cue: 'failure', value: 'major', strength: 0.5, why: 'something fails' },
];

/** Severity says what breaks, so it is about bugs; whatever else is asked for breaks nothing. */
export function severity(reading: Reading): Answer['severity'] {
  if (reading.category !== 'bug') {
    const trivial = reading.category === 'documentation';
    return assume(trivial ? 'trivial' : 'minor', 0.5, 'Not a bug: nothing is said to break.');
  }
  const found = firstVerdict(reading, damage);
  if (found !== undefined) return found;
  if (reading.scan.signals[signal.stackFrames]! > 0) return assume('major', 0.55, 'It shows a stack trace.');
  return assume('minor', 0.4, 'A bug, and nothing in it says how much breaks.');
}
