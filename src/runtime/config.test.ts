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
      relayPort: 8003,
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
      { DATABASE_URL: 'postgres://db/x' },
      'DATABASE_URL: this version has only its embedded database; unset it',
    ],
    [
      { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092' },
      'KAFKA_BOOTSTRAP_SERVERS: this version has only its embedded log; unset it',
    ],
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
});
