import ChevronDown from 'lucide-react/icons/chevron-down';
import type { Classification } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { useInteraction, usePage } from '../app/page-context.ts';
import { CategoryChip } from '../parts/category-chip.tsx';
import { ChoiceMenu } from '../parts/choice-menu.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { type ChoiceField, choices, choicesOf, fieldLabels } from '../queue/vocabulary.ts';
import { valueLabel } from './correction.ts';
import { keyOf } from './issue-name.ts';
import { useCorrect } from './use-correct.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly classification: Classification;
  readonly field: ChoiceField;
}

export function FieldChoice({ issue, classification, field }: Props) {
  const { interaction } = usePage();
  const { picker } = useInteraction();
  const correct = useCorrect();
  const key = keyOf(issue);
  const open = picker?.key === key && picker.field === field && picker.place === 'page';
  const value = classification[field];
  return (
    <ChoiceMenu
      label={fieldLabels[field]}
      choices={choicesOf(choices[field])}
      value={value}
      open={open}
      onOpenChange={(next) => interaction.set({ picker: next ? { key, field, place: 'page' } : null })}
      onChoose={(chosen) => void correct(issue, { [field]: chosen })}
    >
      <button
        type="button"
        className="value-button"
        aria-label={`${fieldLabels[field]}: ${valueLabel(field, value)}. Press to correct`}
      >
        {field === 'category' ? <CategoryChip category={classification.category} /> : null}
        {field === 'priority' ? <PriorityMark priority={classification.priority} /> : null}
        {field === 'category' ? null : <span>{valueLabel(field, value)}</span>}
        <ChevronDown className="value-sign" size={12} aria-hidden="true" />
      </button>
    </ChoiceMenu>
  );
}
