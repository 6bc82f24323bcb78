import type { FieldName } from '../../../src/contracts/classification.ts';
import type { ChoiceField } from '../queue/vocabulary.ts';
import type { Change } from './correction.ts';

export type TextField = Exclude<FieldName, ChoiceField>;

/** What a person typed as a correction, or null when it says nothing (a summary cannot be empty). */
export function textChange(field: TextField, text: string): Change | null {
  const trimmed = text.trim();
  if (field === 'component') return { component: trimmed === '' ? null : trimmed };
  if (field === 'summary') return trimmed === '' ? null : { summary: trimmed };
  const tags = trimmed
    .split(',')
    .map((tag) => tag.trim().slice(0, 40))
    .filter((tag) => tag !== '');
  return { tags: [...new Set(tags)].slice(0, 8) };
}
