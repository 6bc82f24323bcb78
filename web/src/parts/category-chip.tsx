import BookOpen from 'lucide-react/icons/book-open';
import Bug from 'lucide-react/icons/bug';
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark';
import Lightbulb from 'lucide-react/icons/lightbulb';
import type { Category } from '../../../src/contracts/classification.ts';
import { categoryLabels } from '../queue/vocabulary.ts';

const icons = { bug: Bug, feature: Lightbulb, question: CircleQuestionMark, documentation: BookOpen };

/** A category in its hue; where a row is narrow, its icon alone is shown. */
export function CategoryChip({ category }: { readonly category: Category }) {
  const Icon = icons[category];
  return (
    <span className={`chip ${category}`}>
      <Icon className="chip-icon" size={13} strokeWidth={2} aria-hidden="true" />
      <span className="chip-word">{categoryLabels[category]}</span>
    </span>
  );
}
