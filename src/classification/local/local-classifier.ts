import { extname } from 'node:path';
import type { Answer } from '../../contracts/classification.ts';
import { contentHash } from '../../domain/content-hash.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { Classifier, Content } from '../classifier.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { startThread } from './worker-thread.ts';

export interface LocalClassifierOptions {
  readonly logger: Logger;
  /** How many answers are kept for contents that come again (about 3 KB each). */
  readonly cachedAnswers?: number;
  /** The thread's entry; another one only in tests. */
  readonly workerFile?: URL;
}

/** The package ships `.js`, the sources are `.ts`: the thread's entry ends as this file does. */
const shippedWorker = new URL(`./classifier-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * The local model in a thread of its own. Resolves when the model is loaded. When the thread dies, the calls that
 * wait for it reject, and the next call starts a new one.
 */
export async function openLocalClassifier(options: LocalClassifierOptions): Promise<Classifier> {
  const file = options.workerFile ?? shippedWorker;
  const cache = createBoundedCache<Answer>(options.cachedAnswers ?? 512);
  let closed = false;
  let thread = startThread(file, options.logger);
  const { name, version } = await thread.ready();
  return {
    name,
    version,
    async classify(contents) {
      if (closed) throw new Error('the local classifier is closed');
      const keys = contents.map(keyOf);
      const known = new Map<string, Answer>();
      const missing = new Map<string, Content>();
      for (const [at, key] of keys.entries()) {
        const answer = cache.get(key);
        if (answer !== undefined) known.set(key, answer);
        else missing.set(key, contents[at]!);
      }
      if (missing.size > 0) {
        if (thread.gone()) thread = startThread(file, options.logger);
        const answers = await thread.ask([...missing.values()]);
        for (const [at, key] of [...missing.keys()].entries()) {
          known.set(key, answers[at]!);
          cache.set(key, answers[at]!);
        }
      }
      return keys.map((key) => known.get(key)!);
    },
    async close() {
      closed = true;
      await thread.stop();
    },
  };
}

/** Answers never cross repositories: a repository's own block weighs too. */
const keyOf = (content: Content): string =>
  `${content.repositoryId} ${content.repository} ${contentHash(content.title, content.body)}`;
