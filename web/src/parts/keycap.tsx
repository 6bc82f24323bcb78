import type { ReactNode } from 'react';

export const Keycap = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="keycap">{children}</kbd>
);
