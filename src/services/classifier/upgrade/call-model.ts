import { AnswerRefusedError, type Classifier, type Content } from '../../../classification/classifier.ts';
import { Answer } from '../../../contracts/classification.ts';
import { storableText } from '../../../domain/storable-text.ts';
import type { Clock } from '../../../effects/clock.ts';

export type Called =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The content's fault. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The world's fault. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Given up while it was under way: its time was over, or the service stops. */
  | { readonly kind: 'given-up'; readonly why: 'late' | 'stopping' };

export interface CallLimits {
  readonly clock: Clock;
  /** Monotonic: the call is given up then. */
  readonly deadline: number;
  readonly stopping: AbortSignal;
}

/** Asks the model about one content. Never rejects, and never takes longer than it may, whatever the model does. */
export async function callModel(
  model: Classifier,
  content: Content,
  { clock, deadline, stopping }: CallLimits,
): Promise<Called> {
  const ended = new AbortController();
  const giveUp = new AbortController();
  const over = clock
    .sleep(Math.max(0, deadline - clock.monotonic()), AbortSignal.any([ended.signal, stopping]))
    .then((): Called => {
      giveUp.abort();
      return { kind: 'given-up', why: stopping.aborted ? 'stopping' : 'late' };
    });
  try {
    return await Promise.race([ask(model, content, giveUp.signal), over]);
  } finally {
    ended.abort();
  }
}

async function ask(model: Classifier, content: Content, signal: AbortSignal): Promise<Called> {
  try {
    const [answer] = await model.classify([content], signal);
    const checked = Answer.safeParse(answer);
    return checked.success
      ? { kind: 'answered', answer: storable(checked.data) }
      : { kind: 'refused', reason: `no usable answer: ${checked.error.message}` };
  } catch (error) {
    if (error instanceof AnswerRefusedError) return { kind: 'refused', reason: error.message };
    return { kind: 'failed', error };
  }
}

/** A model's texts come from a hostile text: what the database refuses is replaced. */
const storable = (answer: Answer): Answer =>
  JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
