import { useDelayed } from '../app/use-delayed.ts';

const rows = Array.from({ length: 14 }, (_, index) => index);

/** The shape of a list, but only when loading takes long enough to be noticed. */
export function Skeleton() {
  const late = useDelayed(300);
  if (!late) return null;
  return (
    <div className="skeleton" aria-hidden="true">
      {rows.map((row) => (
        <div className="skeleton-row" key={row}>
          <span className="skeleton-bar" />
          <span className="skeleton-bar" />
        </div>
      ))}
    </div>
  );
}
