import type { Clock } from '../../effects/clock.ts';

/** An answer is kept this many times as long as it took: asking again and again costs 5 % at most. */
const keptFor = 20;

/** Shares one answer among all who ask while it is being made, and for a while after. */
export function rarely<Answer>(clock: Clock, make: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | null = null;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (answer && clock.monotonic() < until) return answer;
    const began = clock.monotonic();
    until = Number.POSITIVE_INFINITY;
    answer = make();
    answer.then(
      () => {
        const now = clock.monotonic();
        until = now + (now - began) * keptFor;
      },
      () => {
        answer = null;
      },
    );
    return answer;
  };
}
