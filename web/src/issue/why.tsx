import type { Classification } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { EvidenceBars } from './evidence-bars.tsx';
import { fieldNames } from './field-order.ts';
import { FieldRow } from './field-row.tsx';
import { answeredBy, whySentence } from './why-sentence.ts';
import './why.css';

interface Props {
  readonly issue: IssueSummary;
  readonly classification: Classification | null;
}

/** The answer and why: a sentence, what weighed, then each field with its reason and its correction. */
export function Why({ issue, classification }: Props) {
  if (!classification) {
    return <p className="issue-quiet">There is no answer for this issue yet.</p>;
  }
  return (
    <section className="why" aria-label="Classification">
      <p className="why-sentence">{whySentence(classification)}</p>
      <EvidenceBars evidence={classification.fields.category.evidence} />
      <dl className="fields">
        {fieldNames.map((field) => (
          <FieldRow key={field} issue={issue} classification={classification} field={field} />
        ))}
      </dl>
      <p className="why-source">
        {answeredBy(classification)}
        {classification.degraded ? <span className="why-degraded"> {classification.degraded}</span> : null}
      </p>
    </section>
  );
}
