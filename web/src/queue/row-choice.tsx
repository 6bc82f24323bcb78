import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { usePage } from '../app/page-context.ts';
import { keyOf } from '../issue/issue-name.ts';
import { useCorrect } from '../issue/use-correct.ts';
import { CategoryChip } from '../parts/category-chip.tsx';
import { ChoiceMenu } from '../parts/choice-menu.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { categoryLabels, choices, choicesOf, fieldLabels, priorityLabels } from './vocabulary.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly field: 'category' | 'priority';
  readonly open: boolean;
}

/** A row's category or priority, which is also the button that corrects it. The menu exists only while it is open. */
export function RowChoice({ issue, field, open }: Props) {
  const { interaction } = usePage();
  const correct = useCorrect();
  const { classification } = issue;
  if (!classification) return null;
  const key = keyOf(issue);
  const toggle = (next: boolean) => interaction.set({ picker: next ? { key, field, place: 'row' } : null });
  const value =
    field === 'category' ? categoryLabels[classification.category] : priorityLabels[classification.priority];
  const button = (
    <button
      type="button"
      className="row-choice"
      tabIndex={-1}
      aria-label={`${fieldLabels[field]}: ${value}. Press to correct`}
      title={`${fieldLabels[field]}: ${value}`}
      onClick={open ? undefined : () => toggle(true)}
    >
      {field === 'category' ? (
        <CategoryChip category={classification.category} />
      ) : (
        <PriorityMark priority={classification.priority} />
      )}
    </button>
  );
  if (!open) return button;
  return (
    <ChoiceMenu
      label={fieldLabels[field]}
      choices={choicesOf(choices[field])}
      value={classification[field]}
      align="end"
      open
      onOpenChange={toggle}
      onChoose={(chosen) => void correct(issue, { [field]: chosen })}
    >
      {button}
    </ChoiceMenu>
  );
}
