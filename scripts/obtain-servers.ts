import { obtainKafka } from '../test/servers/obtain-kafka.ts';
import { obtainPostgres } from '../test/servers/obtain-postgres.ts';
import type { Supply } from '../test/servers/supply.ts';
import type { StepResult } from './steps.ts';

export interface Obtained {
  readonly result: StepResult;
  /** What to install; null when it is there. */
  readonly missing: string | null;
}

/** A Kafka and a PostgreSQL that tests can start, kill and start again. */
export const obtainServers = (): Promise<readonly Obtained[]> =>
  Promise.all([obtained('Kafka', obtainKafka), obtained('PostgreSQL', obtainPostgres)]);

async function obtained(name: string, obtain: () => Promise<Supply<unknown>>): Promise<Obtained> {
  const started = performance.now();
  const { missing, output } = await obtain().then(
    (supply) => ({ missing: supply.kind === 'missing' ? supply.advice : null, output: '' }),
    (error: unknown) => ({ missing: `${name}: it could not be fetched`, output: String(error) }),
  );
  const seconds = (performance.now() - started) / 1000;
  return { result: { name: `${name} for the tests`, passed: missing === null, seconds, output }, missing };
}
