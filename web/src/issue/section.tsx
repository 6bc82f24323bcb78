import type { ReactNode } from 'react';

export const Section = (props: { readonly title: string; readonly children: ReactNode }) => (
  <section className="section">
    <h2>{props.title}</h2>
    {props.children}
  </section>
);
