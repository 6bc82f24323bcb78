import { lstatSync } from 'node:fs';
import { request } from 'node:http';
import { encodeRecords, type Method } from './control-protocol.ts';
import type { Installation, Status } from './installation.ts';

const answerWithinMs = 60_000;
const connectWithinMs = 1_000;

/** The running server that listens on the socket, or null when nobody answers. */
export async function connectToServer(
  path: string,
): Promise<{ readonly installation: Installation; readonly status: Status } | null> {
  if (!isOwnSocket(path)) return null;
  const installation = remoteInstallation(path);
  try {
    return { installation, status: await call<Status>(path, 'status', null, connectWithinMs) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET') return null;
    throw error;
  }
}

function remoteInstallation(path: string): Installation {
  const ask = <Answer>(method: Method, body: unknown = null) =>
    call<Answer>(path, method, body, answerWithinMs);
  return {
    status: () => ask('status'),
    consistency: () => ask('consistency'),
    deleteIssue: (issue) => ask('deleteIssue', issue),
    eraseIssue: (request) => ask('eraseIssue', request),
    removeSamples: () => ask('removeSamples'),
    append: (records) => ask('append', encodeRecords(records)),
    groups: () => ask('groups'),
    seekGroup: (request) => ask('seekGroup', request),
    lag: () => ask('lag'),
  };
}

/** A long data directory's socket lies in the shared temporary directory, where anybody could put one of that name. */
function isOwnSocket(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isSocket() && found.uid === process.getuid?.();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

function call<Answer>(socketPath: string, method: Method, body: unknown, withinMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, path: `/${method}`, method: 'POST', timeout: withinMs, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const answered = read(Buffer.concat(chunks).toString());
          if (answered === undefined) reject(new Error('the running server ended before it had answered'));
          else if (response.statusCode === 200) resolve(answered.body as Answer);
          else reject(new Error(String(Object(answered.body).message)));
        });
      },
    );
    sent.once('timeout', () =>
      sent.destroy(new Error(`the running server did not answer within ${withinMs} ms`)),
    );
    sent.once('error', reject);
    sent.end(body === null ? undefined : JSON.stringify(body));
  });
}

/** Undefined for an answer that was cut off. */
function read(text: string): { readonly body: unknown } | undefined {
  try {
    return { body: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
