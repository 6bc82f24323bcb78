import UserCheck from 'lucide-react/icons/user-check';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { isUnsure, percent } from './row-state.ts';

/** How sure the category is, shown only where a look is worth it, and a mark where a person decided. */
export function Sureness({ issue }: { readonly issue: IssueSummary }) {
  const { classification } = issue;
  if (!classification) return null;
  if (isUnsure(issue)) {
    const sure = percent(classification.confidence);
    return (
      <span className="sure-low number" title={`Only ${sure} sure`}>
        <span className="hidden-label">Only </span>
        {sure}
        <span className="hidden-label"> sure</span>
      </span>
    );
  }
  if (classification.source !== 'person') return null;
  return (
    <span className="sure-person" title="Corrected by a person">
      <UserCheck size={14} aria-hidden="true" />
      <span className="hidden-label">Corrected by a person</span>
    </span>
  );
}
