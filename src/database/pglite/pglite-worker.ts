import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { amcheck } from '@electric-sql/pglite/contrib/amcheck';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { vector } from '@electric-sql/pglite-pgvector';
import type { PostgresErrorFields } from '../database-error.ts';
import { DurableFiles } from './durable-files.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { serverParameters } from './server-settings.ts';
import { verifyCluster } from './verify-cluster.ts';
import type {
  WorkerFailure,
  WorkerMessage,
  WorkerOptions,
  WorkerRequest,
  WorkerResult,
} from './worker-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs in a worker thread');
const options = workerData as WorkerOptions;
const post = (message: WorkerMessage) => port.postMessage(message);
/** What PostgreSQL last complained of; at a start that fails it is the only explanation. */
const lastLines: string[] = [];
/** Worth preparing though it has no parameters; anything else may be a script. */
const isOneStatement = /^\s*(select|insert|update|delete|with)\b[^;]*$/i;
const changesSchema = /^\s*(--[^\n]*\n\s*)*(create|alter|drop|do|set)\b/i;
const nothing: WorkerResult = { rows: [], affectedRows: undefined, command: undefined };

const isPostgresAnswer = (error: Error): error is Error & PostgresErrorFields =>
  'severity' in error && 'code' in error && typeof error.code === 'string';

function describe(error: unknown): WorkerFailure {
  if (!(error instanceof Error)) return { message: String(error), postgres: undefined };
  if (!isPostgresAnswer(error)) return { message: error.message, postgres: undefined };
  const { code, severity, detail, hint, position, where, schema, table, column, constraint, routine } = error;
  return {
    message: error.message,
    postgres: { code, severity, detail, hint, position, where, schema, table, column, constraint, routine },
  };
}

/**
 * PostgreSQL cannot go on. The thread ends here and now, in whatever call: PGlite swallows what aborts PostgreSQL and
 * would call it again for ever.
 */
function fail(error: unknown): never {
  const failure = describe(error);
  const message = [...new Set([failure.message, ...lastLines])].join('; ');
  post({ kind: 'failed', failure: { ...failure, message } });
  process.exit(1);
}

function watch(line: string): boolean {
  lastLines.push(line.trim());
  if (lastLines.length > 5) lastLines.shift();
  // PostgreSQL's own emergency stop, and Emscripten's.
  if (/^Aborted\(|\bPANIC: /.test(line)) fail(new Error(line.trim()));
  return false;
}

async function open(): Promise<PGlite> {
  return await PGlite.create({
    fs: options.durable ? new DurableFiles(options.cluster, fail) : new NodeFS(options.cluster),
    startParams: serverParameters(options.durable),
    extensions: options.verifiable ? { vector, amcheck } : { vector },
    parsers: {
      [types.INT8]: Number,
      [types.BYTEA]: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
    },
    serializers: {
      [types.BYTEA]: (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString('hex')}`,
    },
    onStderr: watch,
  });
}

async function run(
  database: PGlite,
  statements: PreparedStatements,
  request: WorkerRequest,
): Promise<WorkerResult> {
  switch (request.kind) {
    case 'query': {
      const { sql, parameters } = request;
      if (changesSchema.test(sql)) await statements.forget();
      const result =
        parameters.length > 0 || isOneStatement.test(sql)
          ? await statements.query(sql, parameters)
          : (await database.exec(sql)).at(-1);
      // PGlite swallows what PostgreSQL throws beside its own errors, and then there is no command tag.
      if (result?.command === undefined) throw new Error('PostgreSQL gave no answer');
      return { rows: result.rows, affectedRows: result.affectedRows, command: result.command };
    }
    case 'verify':
      await verifyCluster(database);
      return nothing;
    case 'close':
      await database.close();
      return nothing;
  }
}

async function answer(
  database: PGlite,
  statements: PreparedStatements,
  request: WorkerRequest,
): Promise<void> {
  try {
    const result = await run(database, statements, request);
    post({ kind: 'result', id: request.id, result });
    if (request.kind === 'close') port?.close();
  } catch (error) {
    post({ kind: 'error', id: request.id, failure: describe(error) });
    // A wasm trap, or PostgreSQL's own exit.
    if (error instanceof Error && /^(RuntimeError|ExitStatus)$/.test(error.name)) fail(error);
  }
}

try {
  const database = await open();
  database.onNotification((channel) => post({ kind: 'notification', channel }));
  const statements = new PreparedStatements(database);
  port.on('message', (request: WorkerRequest) => void answer(database, statements, request));
  post({ kind: 'ready' });
} catch (error) {
  fail(error);
}
