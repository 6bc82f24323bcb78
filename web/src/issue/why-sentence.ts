import type { Classification, Evidence } from '../../../src/contracts/classification.ts';
import { percent } from '../queue/row-state.ts';
import { categoryLabels } from '../queue/vocabulary.ts';

/** `Bug, 82 %: …`, as the reason says it, else `Bug, 82 % sure. …`; or who set it. */
export function whySentence(classification: Classification): string {
  const { category } = classification.fields;
  const label = categoryLabels[category.value];
  if (category.source === 'person') return `${label}, set by a person.`;
  // The local model's reason begins with its answer.
  if (category.reason.toLowerCase().startsWith(`${category.value}, `)) return category.reason;
  return `${label}, ${percent(category.confidence)} sure. ${category.reason}`.trim();
}

export function answeredBy(classification: Classification): string {
  const [kind, version] = classification.classifier.split('@');
  if (kind === 'local')
    return version
      ? `Answered by the local model, version ${version.slice(0, 12)}.`
      : 'Answered by the local model.';
  return version ? `Answered by ${kind}, prompt ${version}.` : `Answered by ${kind}.`;
}

export interface Bar {
  readonly text: string;
  readonly weight: number;
  /** Length against the heaviest, 0 to 1. */
  readonly share: number;
}

/** What weighed most, heaviest first; several of one text are one. */
export function heaviest(evidence: readonly Evidence[], count: number): readonly Bar[] {
  const byText = new Map<string, number>();
  for (const { text, weight } of evidence) byText.set(text, (byText.get(text) ?? 0) + weight);
  const sorted = [...byText].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, count);
  const top = Math.abs(sorted[0]?.[1] ?? 0) || 1;
  return sorted.map(([text, weight]) => ({ text, weight, share: Math.abs(weight) / top }));
}
