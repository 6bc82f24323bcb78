import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { usePage } from '../app/page-context.ts';
import { keyOf } from '../issue/issue-name.ts';
import { CategoryChip } from '../parts/category-chip.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { RowMenu } from './row-menu.tsx';
import { categoryLabels, fieldLabels, priorityLabels } from './vocabulary.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly field: 'category' | 'priority';
  readonly open: boolean;
}

/** A row's category or priority, which is also the button that corrects it. The menu exists only while it is open. */
export function RowChoice({ issue, field, open }: Props) {
  const { interaction } = usePage();
  const { classification } = issue;
  if (!classification) return null;
  const { category, priority } = classification;
  const value = field === 'category' ? categoryLabels[category] : priorityLabels[priority];
  const show = () => interaction.set({ picker: { key: keyOf(issue), field, place: 'row' } });
  const button = (
    <button
      type="button"
      className="row-choice"
      tabIndex={-1}
      aria-label={`${fieldLabels[field]}: ${value}. Press to correct`}
      title={`${fieldLabels[field]}: ${value}`}
      onClick={open ? undefined : show}
    >
      {field === 'category' ? <CategoryChip category={category} /> : <PriorityMark priority={priority} />}
    </button>
  );
  return open ? (
    <RowMenu issue={issue} field={field} value={classification[field]}>
      {button}
    </RowMenu>
  ) : (
    button
  );
}
