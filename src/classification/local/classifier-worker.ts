import { parentPort } from 'node:worker_threads';
import { classifyContent } from './classify-content.ts';
import { readShippedModel } from './model/shipped-model.ts';
import { versionOf } from './model/version-of.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** The thread's side: opens the model, then answers batches one after the other. Starts by being loaded. */
const port = parentPort;
if (port === null) throw new Error('classifier-worker.ts runs as a worker thread');

const model = readShippedModel();
const reply = (message: WorkerReply): void => port.postMessage(message);

port.on('message', ({ id, contents }: WorkerRequest) => {
  try {
    reply({ kind: 'answers', id, answers: contents.map((content) => classifyContent(model, content)) });
  } catch (error) {
    reply({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});
reply({ kind: 'ready', name: model.name, version: versionOf(model) });
