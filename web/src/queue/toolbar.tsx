import { useQuery } from '@tanstack/react-query';
import { repositoriesQuery } from '../api/queries.ts';
import { useQueue } from '../app/page-context.ts';
import { useFilter } from '../app/use-filter.ts';
import type { MenuChoice } from '../parts/choice-menu.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import type { Filter } from './filter.ts';
import { everything, isNarrowed, readFilter, writeFilter } from './filter.ts';
import { FilterButton } from './filter-button.tsx';
import { SearchBox } from './search-box.tsx';
import { categoryLabels, priorityLabels, sourceLabels, stateLabels } from './vocabulary.ts';
import './toolbar.css';

const asChoices = (labels: Readonly<Record<string, string>>): MenuChoice[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

const states = asChoices(stateLabels);
const categories = asChoices(categoryLabels);
const sources = asChoices(sourceLabels);
const priorities = (Object.keys(priorityLabels) as (keyof typeof priorityLabels)[]).map((value) => ({
  value,
  label: priorityLabels[value],
  mark: <PriorityMark priority={value} />,
}));

/** Search and filters. All of it is in the address. */
export function Toolbar() {
  const [filter, show] = useFilter();
  const { arrangement, complete, phase } = useQueue();
  const repositories = useQuery(repositoriesQuery);
  const set = (name: keyof Filter, value: string | null) => {
    const { [name]: _, ...rest } = writeFilter(filter);
    show(readFilter(new URLSearchParams(value === null ? rest : { ...rest, [name]: value })));
  };
  const names = (repositories.data ?? []).map(({ repository, count }) => ({
    value: repository,
    label: repository,
    note: count.toLocaleString('en'),
  }));
  const counted = arrangement.shown.length.toLocaleString('en');
  return (
    <search className="toolbar">
      <SearchBox />
      <div className="filters">
        <FilterButton
          label="State"
          always
          value={filter.state}
          choices={states}
          onChoose={(v) => set('state', v)}
        />
        <FilterButton
          label="Repository"
          value={filter.repository}
          choices={names}
          onChoose={(v) => set('repository', v)}
        />
        <FilterButton
          label="Category"
          value={filter.category}
          choices={categories}
          onChoose={(v) => set('category', v)}
        />
        <FilterButton
          label="Priority"
          value={filter.priority}
          choices={priorities}
          onChoose={(v) => set('priority', v)}
        />
        <FilterButton
          label="Answered by"
          value={filter.source}
          choices={sources}
          onChoose={(v) => set('source', v)}
        />
        {isNarrowed(filter) ? (
          <button type="button" className="text-button filters-clear" onClick={() => show(everything)}>
            Clear
          </button>
        ) : null}
      </div>
      <span className="toolbar-count number" aria-live="off">
        {phase === 'ready' ? `${counted}${complete ? '' : '+'}` : ''}
        <span className="toolbar-unit"> {arrangement.shown.length === 1 ? 'issue' : 'issues'}</span>
      </span>
    </search>
  );
}
