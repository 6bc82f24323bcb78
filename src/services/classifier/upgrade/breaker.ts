import {
  type Circuit,
  callAbandoned,
  callBegan,
  callFailed,
  callSucceeded,
  callsAllowed,
  circuitRules,
  closedCircuit,
} from '../../../domain/circuit.ts';
import { modelAway, waitingForModel } from '../../../domain/degraded.ts';
import type { Clock } from '../../../effects/clock.ts';
import type { Called } from './call-model.ts';

/** The circuit of one process' calls to the model. */
export class Breaker {
  #circuit: Circuit = closedCircuit;
  readonly #clock: Clock;
  readonly #changed: (isOpen: boolean) => void;

  /** @param changed told when calls begin or cease to be held back */
  constructor(clock: Clock, changed: (isOpen: boolean) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What readers are told of an issue that waits for the model. */
  waiting(): string {
    return this.#circuit.kind === 'closed' ? waitingForModel : modelAway;
  }

  /** How many calls may begin now. */
  allows(): number {
    return callsAllowed(this.#circuit, this.#clock.monotonic());
  }

  began(): void {
    this.#become(callBegan(this.#circuit));
  }

  ended(called: Called): void {
    const nowMs = this.#clock.monotonic();
    if (called.kind === 'answered' || called.kind === 'refused') this.#become(callSucceeded());
    else if (called.kind === 'given-up' && called.why === 'stopping')
      this.#become(callAbandoned(this.#circuit, nowMs));
    else this.#become(callFailed(this.#circuit, nowMs, circuitRules));
  }

  #become(circuit: Circuit): void {
    const [was, is] = [this.#circuit, circuit].map(({ kind }) => kind !== 'closed');
    this.#circuit = circuit;
    if (is !== undefined && is !== was) this.#changed(is);
  }
}
