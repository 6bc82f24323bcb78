import type { Category } from '../../../contracts/classification.ts';
import type { Weighed } from './evidence.ts';

const names: Readonly<Record<Category, string>> = {
  bug: 'Bug',
  feature: 'Feature',
  question: 'Question',
  documentation: 'Documentation',
};

const most = 3;
const telling = /\p{L}{3}|[\u3040-\u9fff\uac00-\ud7af]/u;
const fillers = /^(?:the|and|for|with|that|this|was|are|but|from|have|has|its|of the|in the|to the)$/iu;

/** As in: Bug, 82 %: a stack trace, "crash" and steps to reproduce. */
export function reasonFor(category: Category, confidence: number, evidence: readonly Weighed[]): string {
  const said: string[] = [];
  const shown: string[] = [];
  for (const { text, weight, words } of evidence) {
    if (weight <= 0 || said.length === most || (words && (!telling.test(text) || fillers.test(text))))
      continue;
    // "How" and "How to" are one reason.
    const low = text.toLowerCase();
    if (words && shown.some((other) => other.includes(low) || low.includes(other))) continue;
    if (words) shown.push(low);
    said.push(words ? `"${text.replaceAll('"', "'")}"` : text);
  }
  const head = `${names[category]}, ${Math.round(confidence * 100)} %`;
  if (said.length === 0) return `${head}: no single word decides.`;
  const last = said.at(-1)!;
  return `${head}: ${said.length === 1 ? last : `${said.slice(0, -1).join(', ')} and ${last}`}.`;
}
