import type { Answer } from '../../../contracts/classification.ts';
import type { Reading } from './reading.ts';
import { assume, type CueRule, firstVerdict } from './verdict.ts';

type Priority = Answer['priority']['value'];

const trouble: readonly CueRule<Priority>[] = [
  { cue: 'outage', value: 'critical', strength: 0.85, why: 'something people depend on is down' },
  { cue: 'dataLoss', value: 'critical', strength: 0.8, why: 'data is at stake' },
  { cue: 'security', value: 'critical', strength: 0.75, why: 'security is at stake' },
  { cue: 'typo', value: 'low', strength: 0.8, why: 'nothing stops working' },
  { cue: 'minor', value: 'low', strength: 0.7, why: 'the author calls it small' },
  { cue: 'blocked', value: 'high', strength: 0.75, why: 'somebody cannot go on' },
  { cue: 'crash', value: 'high', strength: 0.7, why: 'the program stops' },
  { cue: 'regression', value: 'high', strength: 0.65, why: 'it worked before' },
  { cue: 'manyUsers', value: 'high', strength: 0.65, why: 'many people are affected' },
  { cue: 'urgent', value: 'high', strength: 0.6, why: 'the author calls it urgent' },
  { cue: 'cosmetic', value: 'low', strength: 0.5, why: 'it is about looks' },
];

const other: readonly CueRule<Priority>[] = [
  { cue: 'typo', value: 'low', strength: 0.8, why: 'nothing stops working' },
  { cue: 'minor', value: 'low', strength: 0.75, why: 'the author calls it small' },
  { cue: 'urgent', value: 'high', strength: 0.55, why: 'the author calls it urgent' },
];

/** Priority from what is at stake, named in the issue's own words; a request outranks nothing that is broken. */
export function priority(reading: Reading): Answer['priority'] {
  const { category } = reading;
  if (category === 'bug') {
    return (
      firstVerdict(reading, trouble) ?? assume('medium', 0.5, 'A bug, and nothing in it says more or less.')
    );
  }
  const found = firstVerdict(reading, other);
  if (found !== undefined) return found;
  if (category === 'feature')
    return assume('medium', 0.45, 'A request, and nothing in it says more or less.');
  return assume(
    'low',
    0.5,
    category === 'question' ? 'A question: nothing is known to be broken.' : 'It is about documentation.',
  );
}
