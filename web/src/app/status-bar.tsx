import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useUndo } from '../issue/use-correct.ts';
import { Keycap } from '../parts/keycap.tsx';
import { useInteraction, usePage } from './page-context.ts';
import { useTrustLine } from './use-trust-line.ts';

const showChangeMs = 20_000;

/** One line: how the data stands, and the last thing done here with its undo. */
export function StatusBar() {
  const { interaction } = usePage();
  const { last } = useInteraction();
  const trust = useTrustLine();
  const undo = useUndo();
  useEffect(() => {
    if (!last) return;
    const timer = setTimeout(() => interaction.set({ last: null }), showChangeMs);
    return () => clearTimeout(timer);
  }, [last, interaction]);
  return (
    <footer className="status-bar">
      <span className="trust-line" role="status">
        <Link className={`trust ${trust.tone}`} to="/setup" hash="data" title={trust.text}>
          <span className="trust-dot" />
          <span className="trust-text number">{trust.text}</span>
        </Link>
      </span>
      <span className={last?.failed ? 'last-change failed' : 'last-change'} role="status">
        {last ? <span className="last-change-text">{last.sentence}</span> : null}
        {last?.undo ? (
          <button type="button" className="text-button" onClick={undo}>
            Undo <Keycap>u</Keycap>
          </button>
        ) : null}
      </span>
    </footer>
  );
}
