import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** A thread that answers with how many contents it was asked, and that dies or fails when told to. */
parentPort!.postMessage({ kind: 'ready', name: 'fixture', version: '1' } satisfies WorkerReply);
parentPort!.on('message', ({ id, contents }: WorkerRequest) => {
  if (contents.some(({ title }) => title === 'die')) process.exit(3);
  if (contents.some(({ title }) => title === 'fail')) {
    parentPort!.postMessage({ kind: 'failed', id, message: 'told to' } satisfies WorkerReply);
    return;
  }
  const answers = contents.map(({ title }) => ({ title, asked: contents.length }));
  parentPort!.postMessage({ kind: 'answers', id, answers });
});
