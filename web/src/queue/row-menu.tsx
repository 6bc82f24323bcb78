import type { ReactNode } from 'react';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { usePage } from '../app/page-context.ts';
import { useCorrect } from '../issue/use-correct.ts';
import { ChoiceMenu } from '../parts/choice-menu.tsx';
import { choices, choicesOf, fieldLabels } from './vocabulary.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly field: 'category' | 'priority';
  readonly value: string;
  readonly children: ReactNode;
}

/** The open menu of a row's category or priority. */
export function RowMenu({ issue, field, value, children }: Props) {
  const { interaction } = usePage();
  const correct = useCorrect();
  return (
    <ChoiceMenu
      label={fieldLabels[field]}
      choices={choicesOf(choices[field])}
      value={value}
      align="end"
      open
      onOpenChange={(open) => {
        if (!open) interaction.set({ picker: null });
      }}
      onChoose={(chosen) => void correct(issue, { [field]: chosen })}
    >
      {children}
    </ChoiceMenu>
  );
}
