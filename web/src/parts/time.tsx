import { age, ago, exactTime } from '../app/relative-time.ts';
import { useNow } from '../app/use-now.ts';

interface Props {
  readonly at: string;
  /** `5 m ago` instead of the column's `5 m`. */
  readonly sentence?: boolean;
}

export function Time({ at, sentence = false }: Props) {
  const now = useNow();
  return (
    <time className="number" dateTime={at} title={exactTime(at)}>
      {sentence ? ago(at, now) : age(at, now)}
    </time>
  );
}
