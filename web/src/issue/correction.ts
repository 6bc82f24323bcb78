import type { Classification, Correction, FieldName } from '../../../src/contracts/classification.ts';
import type { CorrectionRequest, IssueDetail, IssueSummary } from '../../../src/contracts/rest.ts';
import { choices, fieldLabels, isChoiceField } from '../queue/vocabulary.ts';

export type Change = Omit<CorrectionRequest, 'version'>;

export const changedFields = (change: Change): readonly FieldName[] => {
  const { undo = [], ...set } = change;
  return [...(Object.keys(set) as FieldName[]), ...undo];
};

/** What takes a correction back: the person's value from before, or the classifier's where none was set. */
export function undoOf(before: Classification | null, change: Correction): Change {
  const fields = Object.keys(change) as FieldName[];
  const setByPerson = fields.filter((field) => before?.fields[field].source === 'person');
  const undo = fields.filter((field) => !setByPerson.includes(field));
  const values = Object.fromEntries(setByPerson.map((field) => [field, before?.fields[field].value]));
  return { ...(values as Correction), ...(undo.length > 0 ? { undo } : {}) };
}

/**
 * Whether a refused correction may be sent again for the newest version by itself: only when nobody touched the
 * fields that it sets since the person looked.
 */
export function mayRetry(
  looked: Classification | null,
  newest: Classification | null,
  fields: readonly FieldName[],
): boolean {
  return fields.every((field) => {
    const before = looked?.fields[field];
    const now = newest?.fields[field];
    return now?.source !== 'person' || (before?.source === 'person' && same(before.value, now.value));
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function valueLabel(field: FieldName, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'None';
  if (Array.isArray(value)) return value.length === 0 ? 'None' : value.join(', ');
  if (!isChoiceField(field)) return String(value);
  const labels: Readonly<Record<string, string>> = choices[field];
  return labels[String(value)] ?? String(value);
}

/** `Category set to Bug`, or that it was given back. */
export function changeSentence(change: Change): string {
  const { undo = [], ...set } = change;
  const parts = Object.entries(set).map(
    ([field, value]) => `${fieldLabels[field as FieldName]} set to ${valueLabel(field as FieldName, value)}`,
  );
  const given = undo.map((field) => `${fieldLabels[field]} given back to the classifier`);
  return [...parts, ...given].join(', ');
}

/** The detail with what the feed has told since it was loaded. */
export function newestDetail(detail: IssueDetail, known: IssueSummary | undefined): IssueDetail {
  if (!known || known.version <= detail.issue.version) return detail;
  return {
    ...detail,
    issue: { ...known, body: detail.issue.body },
    classification: known.classification ?? detail.classification,
  };
}
