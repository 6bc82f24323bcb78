import { describe, expect, it } from 'vitest';
import {
  type Circuit,
  callAbandoned,
  callBegan,
  callFailed,
  callSucceeded,
  callsAllowed,
  circuitRules,
  closedCircuit,
} from './circuit.ts';

const fail = (circuit: Circuit, times: number, nowMs = 0) =>
  Array.from({ length: times }).reduce<Circuit>((state) => callFailed(state, nowMs, circuitRules), circuit);

describe('the circuit', () => {
  it('opens at five failures in a row', () => {
    expect(callsAllowed(fail(closedCircuit, 4), 0)).toBe(Number.POSITIVE_INFINITY);
    expect(callsAllowed(fail(closedCircuit, 5), 0)).toBe(0);
    expect(fail(callSucceeded(), 4)).toEqual({ kind: 'closed', failures: 4 });
  });

  it('lets a single call through after 30 s, which closes it or opens it again', () => {
    const open = fail(closedCircuit, 5, 1_000);
    expect(callsAllowed(open, 30_999)).toBe(0);
    expect(callsAllowed(open, 31_000)).toBe(1);
    const trying = callBegan(open);
    expect(callsAllowed(trying, 99_000)).toBe(0);
    expect(callFailed(trying, 32_000, circuitRules)).toEqual({ kind: 'open', untilMs: 62_000 });
    expect(callSucceeded()).toEqual(closedCircuit);
  });

  it('is not prolonged by calls that began before it opened', () => {
    const open = fail(closedCircuit, 5, 1_000);
    expect(fail(open, 3, 20_000)).toEqual(open);
  });

  it('tries again at once after a trial that was given up', () => {
    const trying = callBegan(fail(closedCircuit, 5));
    expect(callsAllowed(callAbandoned(trying, 40_000), 40_000)).toBe(1);
    expect(callAbandoned(closedCircuit, 40_000)).toEqual(closedCircuit);
  });

  it('does not change when calls begin while it is closed', () => {
    expect(callBegan(fail(closedCircuit, 2))).toEqual({ kind: 'closed', failures: 2 });
  });
});
