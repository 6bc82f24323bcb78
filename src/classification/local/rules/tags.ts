import type { Answer, Evidence } from '../../../contracts/classification.ts';
import { signal } from '../text/signals.ts';
import type { CueName } from './cue-words.ts';
import type { Reading } from './reading.ts';

/** Which cue gives which tag, the most telling first. A closed list: no text of an issue becomes a tag. */
const tagOf: readonly (readonly [CueName, string])[] = [
  ['security', 'security'],
  ['dataLoss', 'data-loss'],
  ['crash', 'crash'],
  ['regression', 'regression'],
  ['performance', 'performance'],
  ['memory', 'memory'],
  ['accessibility', 'accessibility'],
  ['typo', 'typo'],
  ['authentication', 'authentication'],
  ['networking', 'network'],
  ['database', 'database'],
  ['installation', 'installation'],
  ['build', 'build'],
  ['tests', 'tests'],
  ['continuousIntegration', 'ci'],
  ['dependencies', 'dependencies'],
  ['internationalisation', 'i18n'],
  ['userInterface', 'ui'],
  ['commandLine', 'cli'],
  ['api', 'api'],
  ['configuration', 'configuration'],
  ['docker', 'docker'],
  ['gpu', 'gpu'],
  ['typescript', 'typescript'],
  ['python', 'python'],
  ['windows', 'windows'],
  ['macos', 'macos'],
  ['linux', 'linux'],
  ['android', 'android'],
  ['ios', 'ios'],
];

const mostTags = 5;
/** A word met once in a body is a mention; twice, or in the title, it is a subject. */
const subject = 2;

/** Subjects named in the title or more than once in the text. */
export function tags(reading: Reading): Answer['tags'] {
  const found: { tag: string; text: string; weight: number }[] = [];
  for (const [name, tag] of tagOf) {
    const cue = reading.cues.first(name);
    if (cue === undefined) continue;
    const count = reading.cues.count(name);
    if (!cue.inTitle && count < subject) continue;
    found.push({ tag, text: cue.text, weight: cue.inTitle ? 1 : Math.min(0.9, 0.4 + 0.1 * count) });
  }
  found.sort((a, b) => b.weight - a.weight);
  const kept = found.slice(0, mostTags);
  const value = kept.map((each) => each.tag);
  if (reading.scan.signals[signal.stackFrames]! > 1) value.push('stack-trace');
  if (value.length === 0) {
    return {
      value,
      confidence: 0.5,
      reason: 'No subject of the list is named in the title or twice in the text.',
      evidence: [],
    };
  }
  const evidence: Evidence[] = kept.map(({ text, weight }) => ({ text, weight }));
  const words = kept.map((each) => `"${each.text}"`).join(', ');
  const reason = words === '' ? 'It shows a stack trace.' : `Named in the title or more than once: ${words}.`;
  return { value, confidence: kept[0]?.weight === 1 ? 0.7 : 0.55, reason, evidence };
}
