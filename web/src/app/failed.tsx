import { Link } from '@tanstack/react-router';
import './failed.css';

/** A part of the page that broke. The rest goes on. */
export function Failed({ error }: { readonly error: unknown }) {
  return (
    <div className="part-failed" role="alert">
      <h1>This part of the page failed</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  );
}

export const NotFound = () => (
  <div className="part-failed">
    <h1>There is no such page</h1>
    <p>
      <Link className="link" to="/">
        To the queue
      </Link>
    </p>
  </div>
);
