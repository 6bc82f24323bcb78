import {
  type Answer,
  type Classification,
  type Correction,
  fieldNames,
} from '../contracts/classification.ts';

export interface StoredAnswer {
  readonly answer: Answer;
  readonly source: 'local' | 'model';
  readonly classifier: string;
  readonly degraded: string | null;
}

/** What lists show and filter by, as readers see it. */
export interface ShownColumns {
  readonly category: string;
  /** Of the category; 1 when a person set it. */
  readonly confidence: number;
  readonly priority: string;
  /** `person` as soon as a person set any field. */
  readonly shownSource: 'local' | 'model' | 'person';
}

/** The columns of an answer with what people set laid over it. */
export const shownColumns = (
  answer: Answer,
  source: 'local' | 'model',
  corrections: Correction,
): ShownColumns => ({
  category: corrections.category ?? answer.category.value,
  confidence: corrections.category === undefined ? answer.category.confidence : 1,
  priority: corrections.priority ?? answer.priority.value,
  shownSource: Object.keys(corrections).length > 0 ? 'person' : source,
});

/** Lays what people set over what was answered: people win, field by field. */
export function showClassification(stored: StoredAnswer, corrections: Correction): Classification {
  const shown = fieldNames.map((name) => {
    const corrected = corrections[name];
    const field =
      corrected === undefined
        ? { ...stored.answer[name], source: stored.source }
        : {
            value: corrected,
            confidence: 1,
            reason: 'Set by a person.',
            evidence: [],
            source: 'person' as const,
          };
    return [name, field] as const;
  });
  const fields = Object.fromEntries(shown) as Classification['fields'];
  const values = Object.fromEntries(shown.map(([name, field]) => [name, field.value]));
  return {
    ...(values as Pick<Classification, (typeof fieldNames)[number]>),
    confidence: fields.category.confidence,
    reason: fields.category.reason,
    source: Object.keys(corrections).length > 0 ? 'person' : stored.source,
    classifier: stored.classifier,
    degraded: stored.degraded,
    fields,
  };
}
