/** Node's codes of a connection that failed; https://nodejs.org/api/errors.html#common-system-errors */
export const networkCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // Containers start in any order, and a name comes with its container.
  'ENOTFOUND',
  'EAI_AGAIN',
] as const;
