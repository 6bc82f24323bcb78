import type { IssueDetail } from '../../../src/contracts/rest.ts';
import { fieldLabels } from '../queue/vocabulary.ts';

type Entry = IssueDetail['history'][number];

/** `octocat labeled it`, `admin set the category here`. */
export function historySentence({ kind, action, by }: Entry): string {
  const who = by ?? (kind === 'correction' ? 'Somebody' : 'GitHub');
  if (kind === 'github') return `${who}: ${action.replaceAll('_', ' ')}`;
  const label = Object.hasOwn(fieldLabels, action) ? fieldLabels[action as keyof typeof fieldLabels] : action;
  return `${who} set the ${label.toLowerCase()} here`;
}
