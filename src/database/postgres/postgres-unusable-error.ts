/** The server cannot be used as it is: the message says in one line which one and why, without any password. */
export class PostgresUnusableError extends Error {
  override readonly name = 'PostgresUnusableError';

  constructor(target: string, reason: string, options?: ErrorOptions) {
    super(`PostgreSQL cannot be used (${target}): ${reason}`, options);
  }
}
