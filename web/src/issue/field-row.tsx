import type { Classification, FieldName } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { percent, unsureBelow } from '../queue/row-state.ts';
import { fieldLabels, isChoiceField } from '../queue/vocabulary.ts';
import { FieldChoice } from './field-choice.tsx';
import { FieldText } from './field-text.tsx';
import { useCorrect } from './use-correct.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly classification: Classification;
  readonly field: FieldName;
}

/** One field: its value (also the way to correct it), how sure it is, and why. */
export function FieldRow({ issue, classification, field }: Props) {
  const correct = useCorrect();
  const answer = classification.fields[field];
  const byPerson = answer.source === 'person';
  // The category's is the sentence above.
  const reason = field === 'category' && !byPerson ? null : answer.reason;
  return (
    <div className="field">
      <dt>{fieldLabels[field]}</dt>
      <dd className={field === 'summary' ? 'field-value long' : 'field-value'}>
        {isChoiceField(field) ? (
          <FieldChoice issue={issue} classification={classification} field={field} />
        ) : (
          <FieldText issue={issue} classification={classification} field={field} />
        )}
      </dd>
      <dd className="field-sure number">
        {byPerson ? (
          <button
            type="button"
            className="text-button"
            onClick={() => void correct(issue, { undo: [field] })}
            title="Give it back to the classifier"
          >
            Undo
          </button>
        ) : (
          <span className={field === 'category' && answer.confidence < unsureBelow ? 'low' : undefined}>
            {percent(answer.confidence)}
          </span>
        )}
      </dd>
      {reason ? (
        <dd className="field-reason" title={reason}>
          {reason}
        </dd>
      ) : null}
    </div>
  );
}
