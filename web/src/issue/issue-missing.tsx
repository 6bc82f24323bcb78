import { Link } from '@tanstack/react-router';
import { RequestError, sentenceOf } from '../api/client.ts';

/** In the place of an issue that is not there, or could not be asked for. */
export function IssueMissing({ error }: { readonly error: Error | null }) {
  const failure = error instanceof RequestError ? error.failure : null;
  const status = failure?.kind === 'problem' ? failure.problem.status : null;
  const title =
    error === null
      ? 'This issue was deleted'
      : status === 404
        ? 'There is no such issue here'
        : 'The issue could not be loaded';
  return (
    <div className="issue issue-missing" role="status">
      <h1>{title}</h1>
      {failure && status !== 404 ? <p>{sentenceOf(failure)}</p> : null}
      <p>
        {status === 401 ? (
          <a className="link" href="/login">
            Sign in
          </a>
        ) : (
          <Link className="link" to="/" search={true}>
            Back to the queue
          </Link>
        )}
      </p>
    </div>
  );
}
