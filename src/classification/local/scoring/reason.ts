import type { Category } from '../../../contracts/classification.ts';
import type { Weighed } from './evidence.ts';

const names: Readonly<Record<Category, string>> = {
  bug: 'Bug',
  feature: 'Feature',
  question: 'Question',
  documentation: 'Documentation',
};

/** As in: Bug, 82 %: a stack trace, "crash" and steps to reproduce. */
export function reasonFor(category: Category, confidence: number, evidence: readonly Weighed[]): string {
  const said = evidence
    .filter((each) => each.weight > 0 && (!each.words || /\p{L}{3}/u.test(each.text)))
    .slice(0, 3)
    .map((each) => (each.words ? `"${each.text.replaceAll('"', "'")}"` : each.text));
  const head = `${names[category]}, ${Math.round(confidence * 100)} %`;
  if (said.length === 0) return `${head}: no single word decides.`;
  const last = said.at(-1)!;
  return `${head}: ${said.length === 1 ? last : `${said.slice(0, -1).join(', ')} and ${last}`}.`;
}
