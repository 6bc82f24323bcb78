import { lazy, Suspense, useState } from 'react';
import { useDelayed } from '../app/use-delayed.ts';
import { Boundary } from '../parts/boundary.tsx';
import './markdown.css';

const Markdown = lazy(() => import('./markdown.tsx').then((module) => ({ default: module.Markdown })));

/**
 * So many characters are read as Markdown; the rest of a longer body (GitHub allows 65,536) is shown on request and
 * as written: texts exist whose reading takes time with the square of their length.
 */
const readAsMarkdown = 20_000;

/** An issue's text; `undefined` while it is on its way. One that breaks the renderer is shown as written. */
export function IssueBody({ body }: { readonly body: string | null | undefined }) {
  const [whole, setWhole] = useState(false);
  if (body === undefined) return <BodySkeleton />;
  if (body === null || body.trim() === '') return <p className="issue-quiet">No description.</p>;
  const text = body.slice(0, readAsMarkdown);
  const rest = body.slice(readAsMarkdown);
  return (
    <section className="issue-body" aria-label="Description">
      <Boundary key={text} fallback={<pre className="plain-body">{text}</pre>}>
        <Suspense fallback={<BodySkeleton />}>
          <Markdown text={text} />
        </Suspense>
      </Boundary>
      {whole ? <pre className="plain-body">{rest}</pre> : null}
      {rest !== '' && !whole ? (
        <button type="button" className="text-button" onClick={() => setWhole(true)}>
          Show the remaining {rest.length.toLocaleString('en')} characters as written
        </button>
      ) : null}
    </section>
  );
}

function BodySkeleton() {
  const late = useDelayed(300);
  return late ? (
    <div className="body-skeleton" aria-hidden="true">
      <span className="skeleton-bar" />
      <span className="skeleton-bar" />
      <span className="skeleton-bar" />
    </div>
  ) : null;
}
