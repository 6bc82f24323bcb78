/** Whether a service does its work now, and if not, why: one sentence that says what to look at. */
export type Readiness =
  | { readonly ready: true }
  | {
      readonly ready: false;
      readonly reason: string;
      /** Requests are answered all the same, so this is no reason to send them elsewhere. */
      readonly serving?: true;
    };

/** A running service. It was started by its `start…` function and runs until `stop`. */
export interface Service {
  readonly name: 'ingress' | 'classifier' | 'relay' | 'gateway' | 'scheduler';
  readiness(): Readiness;
  /** Finishes what is under way, gives back what is held, and resolves. Safe to call twice. */
  stop(): Promise<void>;
}
