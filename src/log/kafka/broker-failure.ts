import { LogUnavailableError } from '../event-log.ts';

/**
 * The client's errors are trees (`MultipleErrors` around `ResponseError` around `ProtocolError`); this is what they
 * come down to.
 */
export class BrokerFailure extends Error {
  override readonly name = 'BrokerFailure';
  /** Whether the request went out: what did not go out has had no effect. */
  readonly sent: boolean;
  /** Kafka's names of the protocol's errors, https://kafka.apache.org/protocol#protocol_error_codes */
  readonly ids: ReadonlySet<string>;
  /** The broker's answer to the request where there was one: parts of it may be good. */
  readonly response: unknown;

  constructor(error: unknown, sent: boolean) {
    const leaves = leavesOf(error);
    super([...new Set(leaves.map(sentenceOf))].join('; '), { cause: error });
    this.sent = sent;
    this.ids = new Set(leaves.flatMap(({ apiId }) => (typeof apiId === 'string' ? [apiId] : [])));
    // Before that it answers another one: an authentication that is refused, say.
    this.response = sent ? responseOf(error) : undefined;
  }

  is(...ids: readonly string[]): boolean {
    return ids.some((id) => this.ids.has(id));
  }
}

interface ClientError {
  readonly message?: unknown;
  readonly apiId?: unknown;
  readonly serverErrorMessage?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
  readonly response?: unknown;
}

const asClientError = (error: unknown): ClientError =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

function leavesOf(error: unknown): readonly ClientError[] {
  const known = asClientError(error);
  if (Array.isArray(known.errors) && known.errors.length > 0) return known.errors.flatMap(leavesOf);
  return known.cause === undefined ? [known] : leavesOf(known.cause);
}

function sentenceOf({ message, apiId, serverErrorMessage }: ClientError): string {
  const said =
    typeof serverErrorMessage === 'string' && serverErrorMessage !== '' ? serverErrorMessage : null;
  const text = said ?? String(message ?? 'unknown error');
  return typeof apiId === 'string' ? `${apiId}: ${text}` : text;
}

function responseOf(error: unknown): unknown {
  const { response, errors, cause } = asClientError(error);
  if (response !== undefined) return response;
  const inner = Array.isArray(errors) ? errors : cause === undefined ? [] : [cause];
  for (const each of inner) {
    const found = responseOf(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a caller of the log hears of whatever went wrong with the brokers. */
export function asUnavailable(error: unknown, doing: string): LogUnavailableError {
  if (error instanceof LogUnavailableError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new LogUnavailableError(`${doing}: ${said}`, { cause: error });
}
