import type { Priority } from '../../../src/contracts/classification.ts';
import { priorityLabels } from '../queue/vocabulary.ts';

const bars: Readonly<Record<Exclude<Priority, 'critical'>, number>> = { high: 3, medium: 2, low: 1 };

/** Priority as a mark: bars that fill up, and a square with an exclamation mark for what cannot wait. */
export function PriorityMark({ priority }: { readonly priority: Priority }) {
  return (
    <svg
      className={`priority-mark ${priority}`}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <title>{priorityLabels[priority]}</title>
      {priority === 'critical' ? (
        <>
          <rect x="1" y="1" width="14" height="14" rx="4" className="full" />
          <path d="M8 4.2v4.6M8 11.4v.3" className="sign" />
        </>
      ) : (
        [1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 4.5 - 3}
            y={12 - bar * 3}
            width="3"
            height={bar * 3 + 1}
            rx="1"
            className={bar <= bars[priority] ? 'full' : 'empty'}
          />
        ))
      )}
    </svg>
  );
}
