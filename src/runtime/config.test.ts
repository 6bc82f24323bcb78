import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from './config.ts';
import type { Environment } from './environment.ts';

const problemsOf = (environment: Environment): readonly string[] => {
  const outcome = readConfig(environment, '/srv');
  return outcome.kind === 'invalid' ? outcome.problems : [];
};

const valid = (environment: Environment): { config: Config; warnings: readonly string[] } => {
  const outcome = readConfig(environment, '/srv');
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join('\n'));
  return outcome;
};

describe('configuration', () => {
  it('needs nothing', () => {
    const { config, warnings } = valid({});
    expect(config).toEqual({
      profile: 'development',
      dataDirectory: '/srv/data',
      ingress: { host: '127.0.0.1', port: 8000 },
      gateway: { host: '127.0.0.1', port: 8002 },
      classifierPort: 8001,
      log: { kind: 'embedded' },
      database: { kind: 'embedded' },
      relayPort: 8003,
      schedulerPort: 8004,
      branch: false,
      begin: 'start',
      onMismatch: 'ask',
      token: null,
      webhookSecrets: [],
      groupId: 'dispatchai',
      logLevel: 'info',
    });
    expect(warnings).toEqual([]);
  });

  it.each([
    [{ GATEWAY_PORT: 'http' }, 'GATEWAY_PORT: has to be a port, 0 to 65535'],
    [{ INGRESS_PORT: '65536' }, 'INGRESS_PORT: has to be a port, 0 to 65535'],
    [{ DISPATCHAI_PROFILE: 'prod' }, 'DISPATCHAI_PROFILE: has to be one of development, production'],
    [{ HOST: 'http://localhost' }, 'HOST: has to be an address or a host name, such as 127.0.0.1'],
    [{ KAFKA_GROUP_ID: 'Feature X' }, 'KAFKA_GROUP_ID: has to be 1 to 40 of a-z, 0-9 and -'],
    [{ GITHUB_WEBHOOK_SECRET: 'one,,two' }, 'GITHUB_WEBHOOK_SECRET: has an empty secret between its commas'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: has to be one of debug, info, warn, error'],
    [
      { DATABASE_URL: 'mysql://db/x' },
      'DATABASE_URL: has to be a URL such as postgres://user:password@host:5432/database',
    ],
    [
      { DATABASE_URL: 'postgres://db' },
      'DATABASE_URL: names no database: it goes behind the host, /database',
    ],
    [
      { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092,kafka' },
      'KAFKA_BOOTSTRAP_SERVERS: has to be host:port, several of them with commas between',
    ],
    [
      { KAFKA_SASL_PASSWORD: 'x' },
      'KAFKA_SASL_PASSWORD: needs KAFKA_SASL_MECHANISM (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512)',
    ],
    [{ KAFKA_TLS_SERVERNAME: 'kafka' }, 'KAFKA_TLS_SERVERNAME: needs KAFKA_TLS=true'],
    [
      { KAFKA_TLS_CA: '/ca.pem', KAFKA_TLS: 'true' },
      'KAFKA_TLS_CA: has to be PEM text; its file goes into …_FILE',
    ],
    [{ DATABASE_CONNECTIONS: '0' }, 'DATABASE_CONNECTIONS: has to be a whole number from 1 to 100'],
    [
      { DISPATCHAI_FROM: 'yesterday' },
      'DISPATCHAI_FROM: has to be start, end or a time such as 2026-03-01T12:00:00Z',
    ],
    [
      { DISPATCHAI_TOKEN: 'x', DISPATCHAI_TOKEN_FILE: 'token' },
      'DISPATCHAI_TOKEN: DISPATCHAI_TOKEN_FILE is set too; unset one of the two',
    ],
    [{ DATABASE_URL_FILE: 'nowhere' }, 'DATABASE_URL_FILE: nowhere cannot be read (ENOENT)'],
  ])('names what is wrong in %j', (environment, line) => {
    expect(problemsOf(environment)).toEqual([line]);
  });

  it('names everything that is wrong at once', () => {
    expect(problemsOf({ GATEWAY_PORT: 'x', LOG_LEVEL: 'x' })).toHaveLength(2);
  });

  it('listens beyond loopback only with a token', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })[0]).toContain('DISPATCHAI_TOKEN');
    expect(problemsOf({ HOST: '::' })[0]).toContain('DISPATCHAI_TOKEN');
    expect(valid({ HOST: '0.0.0.0', DISPATCHAI_TOKEN: 'a-token-of-some-length' }).config.gateway.host).toBe(
      '0.0.0.0',
    );
    for (const HOST of ['localhost', '127.0.0.2', '::1']) expect(problemsOf({ HOST })).toEqual([]);
  });

  it('lets ingress listen alone, since the secret is its authentication', () => {
    expect(valid({ INGRESS_HOST: '0.0.0.0' }).config.ingress.host).toBe('0.0.0.0');
  });

  it('takes several secrets, so that one can be rotated', () => {
    const { config } = valid({ GITHUB_WEBHOOK_SECRET: 'the-former-secret-1, the-coming-secret-2' });
    expect(config.webhookSecrets).toEqual(['the-former-secret-1', 'the-coming-secret-2']);
  });

  it('points out what is probably a typo, weak, or without effect', () => {
    const { warnings } = valid({
      DISPATCHAI_DATADIR: '/x',
      DISPATCHAI_TOKEN: 'short',
      GITHUB_WEBHOOK_SECRET: 'short',
      AI_MODEL: 'openai/gpt',
    });
    expect(warnings).toEqual([
      'DISPATCHAI_DATADIR is not a variable of DispatchAI; did you mean DISPATCHAI_DATA_DIR?',
      'GITHUB_WEBHOOK_SECRET has a secret under 16 characters, which can be guessed',
      'DISPATCHAI_TOKEN is under 16 characters, which can be guessed',
      'AI_MODEL has no effect in this version',
    ]);
  });

  const servers = { KAFKA_BOOTSTRAP_SERVERS: 'one:9092, two:9092', DATABASE_URL: 'postgres://me@db/triage' };

  it('takes broker and database, and how to reach them', () => {
    const files: Readonly<Record<string, string>> = {
      '/srv/ca.pem': '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
      '/run/secrets/password': 'swordfish\n',
    };
    const outcome = readConfig(
      {
        ...servers,
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_SASL_USERNAME: 'triage',
        KAFKA_SASL_PASSWORD_FILE: '/run/secrets/password',
        KAFKA_TLS: 'true',
        KAFKA_TLS_CA_FILE: 'ca.pem',
      },
      '/srv',
      (path) => files[path] ?? '',
    );
    expect(outcome).toMatchObject({ kind: 'valid', warnings: [] });
    expect(outcome.kind === 'valid' && outcome.config).toMatchObject({
      log: {
        kind: 'kafka',
        connection: {
          bootstrapServers: ['one:9092', 'two:9092'],
          sasl: { mechanism: 'SCRAM-SHA-512', username: 'triage', password: 'swordfish' },
          tls: { ca: files['/srv/ca.pem']?.trimEnd(), rejectUnauthorized: true },
        },
        topicNames: { 'issues.raw': 'issues.raw', 'issues.enriched': 'issues.enriched' },
      },
      database: { kind: 'postgres', url: 'postgres://me@db/triage', schema: 'public', connections: 10 },
    });
  });

  it('gives a branch names of its own, and begins at the end', () => {
    const { config } = valid({ ...servers, KAFKA_GROUP_ID: 'feature-x' });
    expect(config).toMatchObject({
      branch: true,
      begin: 'end',
      log: { topicNames: { 'issues.raw': 'issues.raw', 'issues.deletions': 'issues.deletions.feature-x' } },
      database: { schema: 'dispatchai_feature_x' },
    });
    const from = { ...servers, KAFKA_GROUP_ID: 'feature-x', DISPATCHAI_FROM: '2026-03-01T12:00:00Z' };
    expect(valid(from).config.begin).toBe(Date.UTC(2026, 2, 1, 12));
  });

  it('knows no branch of an embedded store', () => {
    const [line, ...more] = problemsOf({ KAFKA_GROUP_ID: 'feature-x', DATABASE_URL: 'postgres://db/x' });
    expect(line).toContain('needs KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL');
    expect(more).toEqual([]);
  });

  it('points out what is meant to be reached and is not', () => {
    expect(
      valid({ KAFKA_TLS: 'true', DATABASE_CONNECTIONS: '5', KAFKA_BOOTSTRAP_SERVER: 'x:1' }).warnings,
    ).toEqual([
      'KAFKA_BOOTSTRAP_SERVER is not a variable of DispatchAI; did you mean KAFKA_BOOTSTRAP_SERVERS?',
      'KAFKA_TLS has no effect without KAFKA_BOOTSTRAP_SERVERS',
      'DATABASE_CONNECTIONS has no effect without DATABASE_URL',
    ]);
  });
});
