import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statsQuery } from '../api/queries.ts';
import { SampleMark } from '../parts/sample-mark.tsx';
import { RemoveSamples } from './remove-samples.tsx';
import './first-run-banner.css';

/** While samples are here: says so, and how to go on with one's own issues. */
export function FirstRunBanner() {
  const stats = useQuery(statsQuery);
  const samples = stats.data?.samples ?? 0;
  if (samples === 0) return null;
  return (
    <div className="banner">
      <span className="banner-words number">
        <SampleMark />
        {samples.toLocaleString('en')} sample {samples === 1 ? 'issue' : 'issues'} to look around with.
      </span>
      <Link className="link" to="/setup">
        Connect your repository
      </Link>
      <RemoveSamples className="text-button" />
    </div>
  );
}
