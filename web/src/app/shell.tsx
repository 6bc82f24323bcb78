import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useCallback } from 'react';
import { Boundary } from '../parts/boundary.tsx';
import { KeyHelp } from './key-help.tsx';
import { useInteraction, usePage } from './page-context.ts';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { useKeys } from './use-keys.ts';
import './shell.css';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));

/** What stands around every screen: the rail, the line that says how the data stands, and what lies over the page. */
export function Shell() {
  const { interaction } = usePage();
  const { overlay } = useInteraction();
  useKeys();
  const close = useCallback(() => interaction.set({ overlay: null }), [interaction]);
  return (
    <div className="shell">
      <Rail />
      <main className="screen">
        <Outlet />
      </main>
      <StatusBar />
      {overlay === 'keys' ? <KeyHelp onClose={close} /> : null}
      {overlay === 'palette' ? (
        <Boundary fallback={<KeyHelp onClose={close} />}>
          <Suspense fallback={null}>
            <Palette onClose={close} />
          </Suspense>
        </Boundary>
      ) : null}
    </div>
  );
}
