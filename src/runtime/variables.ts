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

/** Environment variables and what each may be. */
export const variables = {
  DISPATCHAI_PROFILE: oneOf(['development', 'production']).default('development'),
  DISPATCHAI_DATA_DIR: z.string().default('./data'),
  DISPATCHAI_ON_MISMATCH: oneOf(['rebuild', 'adopt', 'halt']).optional(),
  DISPATCHAI_TOKEN: z.string().optional(),
  HOST: host,
  INGRESS_HOST: host,
  INGRESS_PORT: port(8000),
  CLASSIFIER_PORT: port(8001),
  GATEWAY_PORT: port(8002),
  RELAY_PORT: port(8003),
  SCHEDULER_PORT: port(8004),
  GITHUB_WEBHOOK_SECRET: secrets,
  KAFKA_BOOTSTRAP_SERVERS: z.string().optional(),
  KAFKA_GROUP_ID: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'has to be 1 to 40 of a-z, 0-9 and -')
    .default('dispatchai'),
  DATABASE_URL: z.string().optional(),
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
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'DATABASE_URL',
]);
