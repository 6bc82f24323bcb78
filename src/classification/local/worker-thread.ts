import { Worker } from 'node:worker_threads';
import type { Answer } from '../../contracts/classification.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { Content } from '../classifier.ts';
import { bodyLimit, titleLimit } from './text/scan.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** Tables live outside the heap; the heap holds one batch. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export interface Identity {
  readonly name: string;
  readonly version: string;
}

/** One worker thread. Once it is gone it stays gone; whoever holds it starts another. */
export interface ClassifierThread {
  /** Resolves when the model is loaded; rejects when the thread ends before. */
  ready(): Promise<Identity>;
  ask(contents: readonly Content[]): Promise<readonly Answer[]>;
  gone(): boolean;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: Error) => void;
}

export function startThread(file: URL, logger: Logger): ClassifierThread {
  const worker = new Worker(file, { name: 'local-classifier', resourceLimits });
  const waiting = new Map<number, Waiting>();
  const opening: PromiseWithResolvers<Identity>[] = [];
  let identity: Identity | undefined;
  let end: Error | undefined;
  let stopping = false;
  let lastId = 0;

  const finish = (error: Error): void => {
    if (end !== undefined) return;
    end = error;
    if (!stopping) logger.error({ err: error, waiting: waiting.size }, 'The local classifier thread ended');
    for (const each of waiting.values()) each.reject(error);
    for (const each of opening) each.reject(error);
    waiting.clear();
  };

  worker.on('message', (reply: WorkerReply) => {
    if (reply.kind === 'ready') {
      identity = { name: reply.name, version: reply.version };
      for (const each of opening) each.resolve(identity);
      return;
    }
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === 'answers') asked?.resolve(reply.answers);
    else asked?.reject(new Error(`the local classifier failed: ${reply.message}`));
  });
  worker.on('error', (error: unknown) => finish(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => finish(new Error(`the local classifier thread ended with code ${code}`)));

  return {
    ready() {
      if (identity !== undefined) return Promise.resolve(identity);
      if (end !== undefined) return Promise.reject(end);
      const opened = Promise.withResolvers<Identity>();
      opening.push(opened);
      return opened.promise;
    },
    ask(contents) {
      if (end !== undefined) return Promise.reject(end);
      const asked = Promise.withResolvers<readonly Answer[]>();
      const id = ++lastId;
      waiting.set(id, asked);
      worker.postMessage({ id, contents: contents.map(whatIsRead) } satisfies WorkerRequest);
      return asked.promise;
    },
    gone: () => end !== undefined,
    async stop() {
      stopping = true;
      await worker.terminate();
    },
  };
}

/** No more crosses to the thread than the model reads. */
const whatIsRead = (content: Content): Content => ({
  repositoryId: content.repositoryId,
  repository: content.repository,
  title: content.title.slice(0, titleLimit),
  body: content.body.slice(0, bodyLimit),
});
