import type { Health } from '../contracts/health.ts';
import type { Effects } from '../effects/effects.ts';
import type { Service } from '../services/service.ts';
import { type Released, Releasers } from './releasers.ts';

/** Starts what runs in this process in order, says how it is, and stops it in the opposite order. */
export class Supervisor {
  readonly #effects: Effects;
  readonly #releasers: Releasers;
  readonly #services = new Map<string, Service | null>();
  /** What the start waits for, by the names of what is opened. */
  readonly #waiting = new Map<string, string>();
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(effects: Effects, expected: readonly Service['name'][]) {
    this.#effects = effects;
    this.#releasers = new Releasers(effects);
    for (const name of expected) this.#services.set(name, null);
  }

  /** Opens something that is closed when everything stops. */
  async open<Resource>(
    name: string,
    open: () => Promise<Resource>,
    close: (resource: Resource) => unknown,
  ): Promise<Resource> {
    const resource = await this.#timed(name, open);
    // Another one failed meanwhile and everything was released: this one comes too late for that.
    if (this.#phase === 'stopping') {
      await close(resource);
      throw new Error(`${name} was opened while everything stops`);
    }
    this.#releasers.add(name, () => close(resource));
    return resource;
  }

  async start<Started extends Service>(
    name: Service['name'],
    start: () => Promise<Started>,
  ): Promise<Started> {
    const service = await this.open(name, start, (started) => started.stop());
    this.#services.set(name, service);
    return service;
  }

  /** Says in `health` what the start waits for; null once that is over. */
  waitsFor(name: string, reason: string | null): void {
    if (reason === null) this.#waiting.delete(name);
    else this.#waiting.set(name, reason);
  }

  /** Everything is started; from here on it is ready when its services say so. */
  started(): void {
    if (this.#phase === 'starting') this.#phase = 'running';
  }

  health(): Health {
    const services: Health['services'] = {};
    const starting = ['starting', ...this.#waiting.values()].join(': ');
    for (const [name, service] of this.#services) {
      const readiness = service?.readiness() ?? { ready: false, reason: starting };
      services[name] = readiness.ready ? { ready: true, reason: null } : readiness;
    }
    const ready = Object.values(services).every((service) => service.ready);
    if (this.#phase === 'stopping') return { status: 'stopping', services };
    if (this.#phase === 'starting') return { status: 'starting', services };
    return { status: ready ? 'ready' : 'unhealthy', services };
  }

  /** Resolves when every service is ready, or when `signal` fires. */
  async ready(signal: AbortSignal): Promise<'ready' | 'stopped'> {
    const pauseMs = 20;
    while (!signal.aborted) {
      if (this.health().status === 'ready') return 'ready';
      await this.#effects.clock.sleep(pauseMs, signal);
    }
    return 'stopped';
  }

  stop(withinMs: number): Promise<Released> {
    this.#phase = 'stopping';
    return this.#releasers.release(withinMs);
  }

  async #timed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { clock, logger } = this.#effects;
    const began = clock.monotonic();
    const result = await work();
    logger.debug({ ms: Math.round(clock.monotonic() - began) }, `${name} started`);
    return result;
  }
}
