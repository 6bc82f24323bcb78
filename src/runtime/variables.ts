import { isIP } from 'node:net';
import { z } from 'zod';

const port = (standard: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'has to be a port, 0 to 65535')
    .transform(Number)
    .refine((value) => value <= 65_535, 'has to be a port, 0 to 65535')
    .default(standard);

const host = z
  .string()
  .refine(
    (value) => isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value),
    'has to be an address or a host name, such as 127.0.0.1',
  )
  .default('127.0.0.1');

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, { error: `has to be one of ${names.join(', ')}` });

const secrets = z
  .string()
  .transform((value) => value.split(',').map((secret) => secret.trim()))
  .refine((list) => !list.includes(''), 'has an empty secret between its commas')
  .default([]);

const server = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?):\d{1,5}$/i;
const servers = z
  .string()
  .transform((value) => value.split(',').map((each) => each.trim()))
  .refine(
    (list) => list.every((each) => server.test(each)),
    'has to be host:port, several of them with commas between',
  );

const yesOrNo = (standard: boolean) =>
  oneOf(['true', 'false'])
    .transform((value) => value === 'true')
    .default(standard);

const pem = z.string().regex(/-----BEGIN [A-Z ]+-----/, 'has to be PEM text; its file goes into …_FILE');

const databaseUrl = z
  .string()
  .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), {
    error: 'has to be a URL such as postgres://user:password@host:5432/database',
    abort: true,
  })
  .refine(
    (value) => new URL(value).pathname.length > 1,
    'names no database: it goes behind the host, /database',
  );

const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
const begin = z
  .string()
  .refine(
    (value) => value === 'start' || value === 'end' || (time.test(value) && !Number.isNaN(Date.parse(value))),
    'has to be start, end or a time such as 2026-03-01T12:00:00Z',
  )
  .transform((value) => (value === 'start' || value === 'end' ? value : Date.parse(value)));

/** Environment variables and what each may be. */
export const variables = {
  DISPATCHAI_PROFILE: oneOf(['development', 'production']).default('development'),
  DISPATCHAI_DATA_DIR: z.string().default('./data'),
  DISPATCHAI_ON_MISMATCH: oneOf(['rebuild', 'adopt', 'halt']).optional(),
  DISPATCHAI_FROM: begin.optional(),
  DISPATCHAI_TOKEN: z.string().optional(),
  HOST: host,
  INGRESS_HOST: host,
  INGRESS_PORT: port(8000),
  CLASSIFIER_PORT: port(8001),
  GATEWAY_PORT: port(8002),
  RELAY_PORT: port(8003),
  SCHEDULER_PORT: port(8004),
  GITHUB_WEBHOOK_SECRET: secrets,
  KAFKA_BOOTSTRAP_SERVERS: servers.optional(),
  KAFKA_SASL_MECHANISM: oneOf(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_TLS: yesOrNo(false),
  KAFKA_TLS_CA: pem.optional(),
  KAFKA_TLS_CERT: pem.optional(),
  KAFKA_TLS_KEY: pem.optional(),
  KAFKA_TLS_SERVERNAME: z.string().optional(),
  KAFKA_TLS_VERIFY: yesOrNo(true),
  KAFKA_GROUP_ID: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'has to be 1 to 40 of a-z, 0-9 and -')
    .default('dispatchai'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_CONNECTIONS: z
    .string()
    .regex(/^([1-9]|[1-9]\d|100)$/, 'has to be a whole number from 1 to 100')
    .transform(Number)
    .default(10),
  AI_MODEL: z
    .string()
    .regex(/^(openai|anthropic|ollama)\/.+$/, 'has to be openai/…, anthropic/… or ollama/…')
    .optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url('has to be a URL').optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  AI_DAILY_BUDGET_USD: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'has to be an amount, such as 2.50')
    .optional(),
  AI_CONCURRENCY: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'has to be a whole number from 1')
    .optional(),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error']).default('info'),
};

/** Values that `doctor` never prints. */
export const secretVariables: ReadonlySet<string> = new Set([
  'DISPATCHAI_TOKEN',
  'GITHUB_WEBHOOK_SECRET',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_TLS_KEY',
  'DATABASE_URL',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
]);

/** Each may come from a file instead, which `<name>_FILE` names. */
export const fileVariables: readonly string[] = [...secretVariables, 'KAFKA_TLS_CA', 'KAFKA_TLS_CERT'];
