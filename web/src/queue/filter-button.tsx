import ChevronDown from 'lucide-react/icons/chevron-down';
import X from 'lucide-react/icons/x';
import { ChoiceMenu, type MenuChoice } from '../parts/choice-menu.tsx';

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly MenuChoice[];
  /** A filter that always has a value, and so cannot be taken off. */
  readonly always?: boolean;
  readonly onChoose: (value: string | null) => void;
}

export function FilterButton({ label, value, choices, always = false, onChoose }: Props) {
  const chosen = choices.find((choice) => choice.value === value)?.label ?? value;
  const removable = value !== undefined && !always;
  return (
    <span className={removable ? 'filter set' : 'filter'}>
      <ChoiceMenu label={label} choices={choices} value={value ?? null} onChoose={onChoose}>
        <button type="button" className="filter-button" aria-label={chosen ? `${label}: ${chosen}` : label}>
          <span className="filter-text">{chosen ?? label}</span>
          {removable ? null : <ChevronDown size={12} aria-hidden="true" />}
        </button>
      </ChoiceMenu>
      {removable ? (
        <button
          type="button"
          className="filter-remove"
          aria-label={`Take off the filter ${label}`}
          onClick={() => onChoose(null)}
        >
          <X size={12} aria-hidden="true" />
        </button>
      ) : null}
    </span>
  );
}
