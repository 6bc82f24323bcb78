import type { Answer } from '../contracts/classification.ts';

/** The content that is classified. Equal contents of one repository get equal answers. */
export interface Content {
  readonly repositoryId: number;
  /** `owner/name`, for people and for components that are named after it. */
  readonly repository: string;
  readonly title: string;
  /** Markdown as GitHub sent it; empty when the issue has none. */
  readonly body: string;
}

/**
 * The model refuses a content, or gives no usable answer to it: the content's fault, asking again will hardly help.
 * Every other rejection of `classify` is the world's fault.
 */
export class AnswerRefusedError extends Error {
  override readonly name = 'AnswerRefusedError';
}

/**
 * Answers contents. Implementations are pure in what they answer: no memory from one content to the next, so an
 * answer may be cached by repository, content and `version`.
 */
export interface Classifier {
  /** `local`, or `<provider>/<model>`. */
  readonly name: string;
  /**
   * Changes whenever an answer could change: weights, rules, prompt, the lists that labels are chosen from. Part of
   * every cache key.
   */
  readonly version: string;
  /**
   * One answer per content, in the same order. Rejects for the world's reasons (worker gone, provider away, quota),
   * and a language model with `AnswerRefusedError`.
   * @param signal gives the call up: nobody waits for its answer any longer
   */
  classify(contents: readonly Content[], signal?: AbortSignal): Promise<readonly Answer[]>;
  close(): Promise<void>;
}
