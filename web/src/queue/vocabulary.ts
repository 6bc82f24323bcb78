import type {
  AnswerSource,
  Category,
  Classification,
  FieldName,
  Priority,
} from '../../../src/contracts/classification.ts';

/** The contract's closed lists with the words the page uses. Records, so that a new value fails the type check. */
export const categoryLabels: Readonly<Record<Category, string>> = {
  bug: 'Bug',
  feature: 'Feature',
  question: 'Question',
  documentation: 'Docs',
};
export const priorityLabels: Readonly<Record<Priority, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};
export const severityLabels: Readonly<Record<Classification['severity'], string>> = {
  blocker: 'Blocker',
  major: 'Major',
  minor: 'Minor',
  trivial: 'Trivial',
};
export const effortLabels: Readonly<Record<Classification['effort'], string>> = {
  small: 'Small',
  medium: 'Medium',
  large: 'Large',
};
export const sentimentLabels: Readonly<Record<Classification['sentiment'], string>> = {
  positive: 'Positive',
  neutral: 'Neutral',
  frustrated: 'Frustrated',
};
export const sourceLabels: Readonly<Record<AnswerSource, string>> = {
  local: 'Local model',
  model: 'Language model',
  person: 'A person',
};
export const stateLabels = { open: 'Open', closed: 'Closed', all: 'Open and closed' } as const;

export const fieldLabels: Readonly<Record<FieldName, string>> = {
  category: 'Category',
  priority: 'Priority',
  severity: 'Severity',
  component: 'Component',
  effort: 'Effort',
  sentiment: 'Sentiment',
  tags: 'Tags',
  summary: 'Summary',
};

/** Fields whose value is one of a closed list, with that list in the order a menu shows it. */
export const choices = {
  category: categoryLabels,
  priority: priorityLabels,
  severity: severityLabels,
  effort: effortLabels,
  sentiment: sentimentLabels,
} as const satisfies Partial<Record<FieldName, Readonly<Record<string, string>>>>;
export type ChoiceField = keyof typeof choices;

export const isChoiceField = (field: FieldName): field is ChoiceField => field in choices;

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** The key that picks it in an open menu. */
  readonly key: string;
}

export const choicesOf = (labels: Readonly<Record<string, string>>): readonly Choice[] =>
  Object.entries(labels).map(([value, label], index) => ({ value, label, key: String(index + 1) }));
