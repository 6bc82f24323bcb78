import { Component, lazy, type ReactNode, Suspense, useState } from 'react';
import { useDelayed } from '../app/use-delayed.ts';
import './markdown.css';

const Markdown = lazy(() => import('./markdown.tsx').then((module) => ({ default: module.Markdown })));

/** Beyond this many characters the rest is shown on request: a body may have 65,536. */
const firstPart = 20_000;

/** An issue's text; `undefined` while it is on its way. */
export function IssueBody({ body }: { readonly body: string | null | undefined }) {
  const [whole, setWhole] = useState(false);
  if (body === undefined) return <BodySkeleton />;
  if (body === null || body.trim() === '') return <p className="issue-quiet">No description.</p>;
  const cut = !whole && body.length > firstPart;
  const text = cut ? body.slice(0, firstPart) : body;
  return (
    <section className="issue-body" aria-label="Description">
      <PlainOnFailure text={text}>
        <Suspense fallback={<BodySkeleton />}>
          <Markdown text={text} />
        </Suspense>
      </PlainOnFailure>
      {cut ? (
        <button type="button" className="text-button" onClick={() => setWhole(true)}>
          Show the remaining {(body.length - firstPart).toLocaleString('en')} characters
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

interface PlainProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** A text that was made to break the renderer is shown as it was written. */
class PlainOnFailure extends Component<PlainProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <pre className="plain-body">{this.props.text}</pre> : this.props.children;
  }
}
