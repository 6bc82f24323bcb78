import Search from 'lucide-react/icons/search';
import { useEffect, useRef, useState } from 'react';
import { useFilter } from '../app/use-filter.ts';
import { Keycap } from '../parts/keycap.tsx';

const restMs = 150;

/** Searches as one types; the address follows when the typing rests. */
export function SearchBox() {
  const [filter, show] = useFilter();
  const shown = filter.q ?? '';
  const [text, setText] = useState(shown);
  const sent = useRef(shown);
  useEffect(() => {
    // The address changed by another way (Back, a filter cleared): the box follows.
    if (shown !== sent.current) setText(shown);
    sent.current = shown;
  }, [shown]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      const { q: _, ...rest } = filter;
      sent.current = text.trim() === '' ? '' : text;
      show(text.trim() === '' ? rest : { ...rest, q: text }, true);
    }, restMs);
    return () => clearTimeout(timer);
  }, [text, filter, show]);
  return (
    <label className="search">
      <Search size={14} aria-hidden="true" />
      <span className="hidden-label">Search issues</span>
      <input
        id="search"
        type="search"
        value={text}
        maxLength={200}
        placeholder="Search titles and texts"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <Keycap>/</Keycap>
    </label>
  );
}
