/** Bounds of what one ingress takes in. Bytes and milliseconds. */
export interface IngressLimits {
  /** Of one body. */
  readonly bodyBytes: number;
  /** Of the bodies of all requests in flight together. */
  readonly bytesInFlight: number;
  readonly connections: number;
  /** Until a request's headers are there. */
  readonly headersMs: number;
  /** Until a request is there with its body. */
  readonly requestMs: number;
  /** A connection without a request. */
  readonly idleMs: number;
  /** How much of a refused body is read and thrown away, so that its sender gets to read the answer. */
  readonly lingerBytes: number;
  readonly lingerMs: number;
  /** How long `stop` waits for requests under way. */
  readonly stopMs: number;
}

/**
 * GitHub's payloads end at 25 MB and GitHub hangs up after 10 s.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export const defaultLimits: IngressLimits = {
  bodyBytes: 25 * 1024 * 1024,
  bytesInFlight: 256 * 1024 * 1024,
  connections: 4096,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 15_000,
  lingerBytes: 1024 * 1024,
  lingerMs: 1000,
  // A process ends within 5 s of its signal, which may reach it 1 s late, by way of the launcher.
  stopMs: 3000,
};
