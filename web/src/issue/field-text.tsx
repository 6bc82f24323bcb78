import Pencil from 'lucide-react/icons/pencil';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Classification } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { fieldLabels } from '../queue/vocabulary.ts';
import { valueLabel } from './correction.ts';
import { type TextField, textChange } from './text-field.ts';
import { useCorrect } from './use-correct.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly classification: Classification;
  readonly field: TextField;
}

const longest: Readonly<Record<TextField, number>> = { component: 80, tags: 340, summary: 280 };

/** A field of free text: pressed, it becomes a box; Enter or leaving it keeps, Esc does not. */
export function FieldText({ issue, classification, field }: Props) {
  const correct = useCorrect();
  const [text, setText] = useState<string | null>(null);
  const value = classification[field];
  const written = Array.isArray(value) ? value.join(', ') : (value ?? '');
  const keep = (event?: FormEvent) => {
    event?.preventDefault();
    if (text === null) return;
    setText(null);
    const change = text === written ? null : textChange(field, text);
    if (change) void correct(issue, change);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    setText(null);
  };
  if (text === null) {
    return (
      <button
        type="button"
        className="value-button text"
        aria-label={`${fieldLabels[field]}: ${valueLabel(field, value)}. Press to correct`}
        onClick={() => setText(written)}
      >
        <span className={written === '' ? 'none' : undefined}>{valueLabel(field, value)}</span>
        <Pencil className="value-sign" size={12} aria-hidden="true" />
      </button>
    );
  }
  return (
    <form className="value-form" onSubmit={keep}>
      <input
        // biome-ignore lint/a11y/noAutofocus: the box replaces the button that had the focus
        autoFocus
        value={text}
        maxLength={longest[field]}
        aria-label={fieldLabels[field]}
        placeholder={field === 'tags' ? 'Tags, separated by commas' : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={leave}
        onBlur={() => keep()}
      />
    </form>
  );
}
