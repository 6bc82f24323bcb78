import type { Evidence } from '../../../src/contracts/classification.ts';
import { heaviest } from './why-sentence.ts';

/** The weights as small bars with their words. A grey bar speaks against the answer. */
export function EvidenceBars({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const bars = heaviest(evidence, 5);
  if (bars.length === 0) return null;
  return (
    <ul className="evidence" aria-label="What weighed">
      {bars.map(({ text, weight, share }) => (
        <li key={text}>
          <span className="evidence-text" title={text}>
            {text}
          </span>
          <span className="evidence-track">
            <span
              className={weight < 0 ? 'evidence-bar against' : 'evidence-bar'}
              style={{ width: `${share * 100}%` }}
            />
          </span>
          <span className="evidence-weight number">
            {weight < 0 ? '−' : '+'}
            {Math.abs(weight).toFixed(2)}
          </span>
        </li>
      ))}
    </ul>
  );
}
