import { expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { judgeOpenFailure } from './judge-open-failure.ts';

const outcome = readConfig(
  { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092', DATABASE_URL: 'postgres://me:opensesame@db:5432/triage?x=1' },
  '/srv',
);
if (outcome.kind === 'invalid') throw new Error(outcome.problems.join('\n'));
const { config } = outcome;

const coded = (message: string, code: string, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

it('waits for what is not there yet', () => {
  const refused = coded('connect ECONNREFUSED 10.0.0.7:5432', 'ECONNREFUSED');
  expect(judgeOpenFailure('database', config, new Error('opening failed', { cause: refused }))).toEqual({
    kind: 'away',
    reason:
      'the database db:5432/triage (DATABASE_URL) cannot be reached (connect ECONNREFUSED 10.0.0.7:5432)',
  });
  const tree = new AggregateError([coded('connect ECONNREFUSED 10.0.0.8:9092', 'PLT_KFK_NETWORK')], 'failed');
  expect(judgeOpenFailure('event log', config, tree)).toMatchObject({
    kind: 'away',
    reason: expect.stringContaining('kafka:9092 (KAFKA_BOOTSTRAP_SERVERS)'),
  });
  const late = new Error('cannot be used', { cause: new Error('timeout expired') });
  expect(judgeOpenFailure('database', config, late).kind).toBe('away');
  expect(judgeOpenFailure('database', config, coded('the system is starting up', '57P03')).kind).toBe('away');
});

it('names the variable where somebody has to change something', () => {
  const messageOf = (served: 'database' | 'event log', error: unknown) => {
    const judged = judgeOpenFailure(served, config, error);
    return judged.kind === 'refused' ? judged.message : judged.kind;
  };
  const wrong = coded('password authentication failed for user "me"', '28P01');
  expect(messageOf('database', wrong)).toMatch(/^DATABASE_URL: .*password/);
  const gone = new Error('opening failed', { cause: coded('database "triage" does not exist', '3D000') });
  expect(messageOf('database', gone)).toMatch(/^DATABASE_URL: .*"triage" does not exist/);
  const old = Object.assign(new Error('it is version 12'), { name: 'PostgresUnusableError' });
  expect(messageOf('database', old)).toBe('DATABASE_URL: it is version 12');
  // An authentication error comes wrapped in one of the network.
  const sasl = coded('SASL authentication failed', 'PLT_KFK_AUTHENTICATION');
  const tree = new AggregateError([coded('connection failed', 'PLT_KFK_NETWORK', { cause: sasl })], 'failed');
  expect(messageOf('event log', tree)).toMatch(/^KAFKA_SASL_USERNAME/);
  const certificate = coded('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(messageOf('event log', certificate)).toMatch(/^KAFKA_TLS_CA/);
});

it('shows no password, and leaves what it does not know alone', () => {
  const judged = judgeOpenFailure('database', config, coded('timeout', 'ETIMEDOUT'));
  expect(JSON.stringify(judged)).not.toContain('opensesame');
  expect(judgeOpenFailure('database', config, new TypeError('x is not a function'))).toEqual({
    kind: 'unknown',
  });
});
