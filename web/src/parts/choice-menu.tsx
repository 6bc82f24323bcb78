import Check from 'lucide-react/icons/check';
import * as DropdownMenu from 'radix-ui/dropdown-menu';
import type { KeyboardEvent, ReactNode } from 'react';
import { Keycap } from './keycap.tsx';
import './choice-menu.css';

export interface MenuChoice {
  readonly value: string;
  readonly label: string;
  readonly mark?: ReactNode;
  /** Picks the choice while the menu is open. */
  readonly key?: string;
  readonly note?: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly MenuChoice[];
  readonly value: string | null;
  readonly onChoose: (value: string) => void;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: 'start' | 'end';
  /** The button that the menu hangs from. */
  readonly children: ReactNode;
}

/** A small menu of one choice, in place: arrows, first letters, or the number beside a choice. */
export function ChoiceMenu(props: Props) {
  const { choices, value, onChoose } = props;
  const open = props.open === undefined ? {} : { open: props.open };
  const onOpenChange = props.onOpenChange ? { onOpenChange: props.onOpenChange } : {};
  const pickByKey = (event: KeyboardEvent) => {
    const choice = choices.find((each) => each.key !== undefined && each.key === event.key);
    if (!choice) return;
    event.preventDefault();
    onChoose(choice.value);
    props.onOpenChange?.(false);
  };
  return (
    <DropdownMenu.Root modal={false} {...open} {...onOpenChange}>
      <DropdownMenu.Trigger asChild>{props.children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align={props.align ?? 'start'}
          sideOffset={4}
          collisionPadding={8}
          aria-label={props.label}
          onKeyDown={pickByKey}
        >
          <DropdownMenu.RadioGroup value={value ?? ''} onValueChange={onChoose}>
            {choices.map((choice) => (
              <DropdownMenu.RadioItem className="menu-item" key={choice.value} value={choice.value}>
                <span className="menu-check">
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} aria-hidden="true" />
                  </DropdownMenu.ItemIndicator>
                </span>
                {choice.mark}
                <span className="menu-label">{choice.label}</span>
                {choice.note ? <span className="menu-note number">{choice.note}</span> : null}
                {choice.key ? <Keycap>{choice.key}</Keycap> : null}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
