/** The server ends a statement that takes longer; the connection stays. */
const statementTimeoutMs = 30_000;

/**
 * A session that has given no answer for this long is thrown away: the server has ended every statement by then, so
 * it hangs, or the network lost it without a word. (PostgreSQL's own time-outs need a server that runs.)
 */
export const answerWithinMs = statementTimeoutMs + 5_000;

/** For the TCP connection, TLS and the password together. */
export const connectWithinMs = 2_000;

/** How long a statement waits for a free session while all are in use. */
export const sessionWithinMs = 10_000;

/**
 * What every session starts with, whatever the server's, the database's or the role's defaults are. Sent with the
 * first packet (https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage), so it costs
 * no round trip. A connection pooler in transaction mode (PgBouncer) would drop it, as it would prepared statements
 * and `listen`: such a pooler cannot stand in between.
 */
export function startupOptions(searchPath: readonly string[]): string {
  const settings = {
    search_path: searchPath.map((schema) => `"${schema.replaceAll('"', '""')}"`).join(','),
    // Reads after the key locks must see what was committed while they were waited for.
    default_transaction_isolation: 'read committed',
    // A frozen process (SIGSTOP, a long pause) holds its locks no longer than this: its successor may begin within
    // the ten seconds in which partitions move.
    idle_in_transaction_session_timeout: 10_000,
    // Whoever waits for such a lock gives up earlier, rolls back what it holds itself, and tries again. Transactions
    // take tenths of a second, so nobody waits this long in good order.
    lock_timeout: 5_000,
    statement_timeout: statementTimeoutMs,
    // The session that listens is idle in good order.
    idle_session_timeout: 0,
    // A machine that vanished, and a frozen process that reads its answer no further, lose their session: in both
    // the server waits inside a statement, where no time-out above applies.
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
    tcp_user_timeout: 10_000,
    client_encoding: 'UTF8',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    bytea_output: 'hex',
    // A plan made for all parameters is kept until statistics change: made while a table was empty it reads the whole
    // table once that is full (measured: 9 ms instead of 0.2 ms for the known deliveries after 24 batches). Planning
    // each time costs a tenth of a millisecond a statement.
    plan_cache_mode: 'force_custom_plan',
    // Compiling costs more than any statement here takes.
    jit: 'off',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${escaped(String(value))}`)
    .join(' ');
}

/** White space parts the arguments unless a backslash stands before it. */
const escaped = (value: string) => value.replaceAll(/[\\\s]/g, '\\$&');
