import { classes } from '../src/classification/local/model/classes.ts';
import type { Example } from './examples.ts';

const named = /\b(?:docs?|documentation|readme|typos?|javadocs?|docstrings?|changelog|tutorials?)\b/iu;
const documentation = classes.indexOf('documentation');

/**
 * Only few sources of the pool use a documentation label. Where the title of another names documentation, that is
 * what a maintainer would call it here, so it is trained on as such: noisy, and better than teaching the opposite.
 */
export const withWeakDocumentation = (pool: readonly Example[]): Example[] =>
  pool.map((example) => (named.test(example.title) ? { ...example, label: documentation } : example));
