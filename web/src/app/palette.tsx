import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useState } from 'react';
import { nameOf } from '../issue/issue-name.ts';
import { useCorrect } from '../issue/use-correct.ts';
import { Overlay } from '../parts/overlay.tsx';
import { everything } from '../queue/filter.ts';
import { categoryLabels, fieldLabels, priorityLabels } from '../queue/vocabulary.ts';
import { usePage } from './page-context.ts';
import { chooseTheme, type Theme } from './theme.ts';
import { useFilter } from './use-filter.ts';
import { useNavigateIssues } from './use-navigate-issues.ts';
import './palette.css';

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'Theme of the system'],
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
];
const values = [
  ['category', categoryLabels],
  ['priority', priorityLabels],
] as const;

/** All commands, and a way to any issue by its name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { live } = usePage();
  const navigate = useNavigate();
  const [filter, show] = useFilter();
  const correct = useCorrect();
  const { target } = useNavigateIssues();
  const [text, setText] = useState('');
  const chosen = target();
  const issue = chosen ? live.queue.book.get(chosen.key) : undefined;
  const named = /^([\w.-]+)\/([\w.-]+)#(\d+)$/.exec(text.trim());
  const item = (label: string, act: () => unknown) => (
    <Command.Item
      key={label}
      value={label}
      onSelect={() => {
        onClose();
        act();
      }}
    >
      {label}
    </Command.Item>
  );
  return (
    <Overlay label="Commands" onClose={onClose}>
      <Command label="Commands" loop>
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="A command, words to search, or owner/name#12"
        />
        <Command.List>
          <Command.Empty>
            <button
              type="button"
              className="text-button"
              onClick={() => {
                onClose();
                show({ ...everything, q: text });
              }}
            >
              Search issues for “{text}”
            </button>
          </Command.Empty>
          {named
            ? item(named[0], () =>
                navigate({
                  to: '/issues/$owner/$repo/$number',
                  params: { owner: named[1] ?? '', repo: named[2] ?? '', number: named[3] ?? '' },
                  search: true,
                }),
              )
            : null}
          {issue ? (
            <Command.Group heading={nameOf(issue)}>
              {values.flatMap(([field, labels]) =>
                Object.entries(labels).map(([value, label]) =>
                  item(`Set ${fieldLabels[field].toLowerCase()}: ${label}`, () =>
                    correct(issue, { [field]: value }),
                  ),
                ),
              )}
            </Command.Group>
          ) : null}
          <Command.Group heading="Show">
            {item('All open issues', () => show(everything))}
            {values.flatMap(([field, labels]) =>
              Object.entries(labels).map(([value, label]) =>
                item(`Only ${fieldLabels[field].toLowerCase()}: ${label}`, () =>
                  show({ ...filter, [field]: value }),
                ),
              ),
            )}
            {item('Closed issues', () => show({ ...filter, state: 'closed' }))}
          </Command.Group>
          <Command.Group heading="Go">
            {item('Queue', () => navigate({ to: '/' }))}
            {item('Setup and deliveries', () => navigate({ to: '/setup' }))}
            {themes.map(([theme, label]) => item(label, () => chooseTheme(theme)))}
          </Command.Group>
        </Command.List>
      </Command>
    </Overlay>
  );
}
