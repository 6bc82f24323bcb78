/** When calls to something that fails are held back, and for how long. */
export interface CircuitRules {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** From the opening to a trial call. */
  readonly openMs: number;
}

export const circuitRules: CircuitRules = { failures: 5, openMs: 30_000 };

/** All times are monotonic milliseconds. */
export type Circuit =
  /** Calls go through; so many in a row have failed. */
  | { readonly kind: 'closed'; readonly failures: number }
  /** No call goes through before `untilMs`, and then a single one. */
  | { readonly kind: 'open'; readonly untilMs: number }
  /** The trial call is under way. */
  | { readonly kind: 'trying' };

export const closedCircuit: Circuit = { kind: 'closed', failures: 0 };

/** How many calls may begin now. */
export function callsAllowed(circuit: Circuit, nowMs: number): number {
  if (circuit.kind === 'closed') return Number.POSITIVE_INFINITY;
  return circuit.kind === 'open' && nowMs >= circuit.untilMs ? 1 : 0;
}

/** A call begins: where only one is allowed, it is the trial. */
export const callBegan = (circuit: Circuit): Circuit =>
  circuit.kind === 'open' ? { kind: 'trying' } : circuit;

/** A call was answered, be it with a refusal: what is called is there. */
export const callSucceeded = (): Circuit => closedCircuit;

/** A call failed. One that began before the circuit opened does not prolong it. */
export function callFailed(circuit: Circuit, nowMs: number, rules: CircuitRules): Circuit {
  if (circuit.kind === 'open') return circuit;
  const failures = circuit.kind === 'trying' ? rules.failures : circuit.failures + 1;
  return failures >= rules.failures
    ? { kind: 'open', untilMs: nowMs + rules.openMs }
    : { kind: 'closed', failures };
}

/** A call ended without a word on what is called, since it was given up here. The next one may be the trial. */
export const callAbandoned = (circuit: Circuit, nowMs: number): Circuit =>
  circuit.kind === 'trying' ? { kind: 'open', untilMs: nowMs } : circuit;
