import type { Answer } from '../../contracts/classification.ts';
import type { Content } from '../classifier.ts';

/** Between the client and its thread. Answers come back in the order of the contents. */
export interface WorkerRequest {
  readonly id: number;
  readonly contents: readonly Content[];
}

export type WorkerReply =
  | { readonly kind: 'ready'; readonly name: string; readonly version: string }
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
