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
