import type { Category } from '../../../contracts/classification.ts';

/**
 * The categories in the order of the model's weights: the contract's, repeated so that the thread need not load
 * what checks contracts (a test compares them).
 */
export const classes = ['bug', 'feature', 'question', 'documentation'] as const satisfies readonly Category[];
export const classCount = classes.length;
