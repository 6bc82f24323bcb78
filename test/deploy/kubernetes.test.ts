import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../src/runtime/service-names.ts';
import { knownVariables, pinnedImage, readYaml, servicePorts } from './read-deploy.ts';

type Labels = Readonly<Record<string, string>>;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: Labels & { readonly matchLabels?: Labels };
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly maxUnavailable?: number;
  };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: object;
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly resources: { readonly limits?: { readonly memory?: string }; readonly requests?: object };
  readonly securityContext: object;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
  readonly patches?: readonly {
    readonly target: { readonly kind: string; readonly name: string };
    readonly patch: string;
  }[];
}

const directory = 'deploy/kubernetes';
const [base] = readYaml<Kustomization>(`${directory}/base/kustomization.yaml`);
const [production] = readYaml<Kustomization>(`${directory}/production/kustomization.yaml`);
const manifests = (base?.resources ?? []).flatMap((file) => readYaml<Manifest>(`${directory}/base/${file}`));
const find = (kind: string, name: string) => {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  expect(found, `${kind} ${name}`).toHaveLength(1);
  return found[0] as Manifest;
};
const podOf = (manifest: Manifest): PodSpec => manifest.spec?.template?.spec as PodSpec;
const pods = () => manifests.filter((each) => each.spec?.template).map(podOf);

describe.each(serviceNames)('%s', (name) => {
  it('runs twice, is asked for its health, and has the time to end', () => {
    const deployment = find('Deployment', name);
    const pod = podOf(deployment);
    const [container] = pod.containers;
    expect(deployment.spec?.replicas).toBe(2);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(10);
    expect(container?.args).toEqual(['start', name]);
    expect(container?.ports).toEqual([{ name: 'http', containerPort: servicePorts[name] }]);
    expect(container?.livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container?.readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
  });

  it('is reached by its Service and kept by its budget', () => {
    const labels = find('Deployment', name).spec?.template?.metadata.labels;
    const service = find('Service', name).spec;
    expect(service?.selector).toEqual(labels);
    expect(service?.ports).toMatchObject([{ port: servicePorts[name], targetPort: 'http' }]);
    expect(find('PodDisruptionBudget', name).spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: labels },
    });
  });
});

it('makes the topics with a Job', () => {
  expect(podOf(find('Job', 'topics')).containers[0]?.args).toEqual(['topics', 'apply', '--execute']);
});

it('runs nothing as root, and gives it nothing to write to and no rights', () => {
  expect(pods()).toHaveLength(serviceNames.length + 1);
  for (const pod of pods()) {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({
        limits: { memory: expect.any(String) },
        requests: expect.any(Object),
      });
      const volumes = pod.volumes.map((each) => each.name);
      for (const mount of container.volumeMounts) {
        expect(volumes).toContain(mount.name);
        expect(mount.readOnly).toBe(true);
      }
    }
  }
});

it('sets variables that exist, and takes secrets from files alone', () => {
  const data = find('ConfigMap', 'dispatchai').data ?? {};
  expect(Object.keys(data).filter((name) => !knownVariables.has(name))).toEqual([]);
  for (const name of ['DATABASE_URL', 'DISPATCHAI_TOKEN', 'GITHUB_WEBHOOK_SECRET']) {
    expect(data[`${name}_FILE`]).toBe(`/run/secrets/dispatchai/${name.toLowerCase()}`);
    expect(data[name]).toBeUndefined();
  }
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
});

it('lets in and out only what is named', () => {
  const [policy] = readYaml<Manifest>(`${directory}/base/network-policy.yaml`);
  expect(policy?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
});

describe('the production overlay', () => {
  it('patches what the base has, with variables that exist', () => {
    for (const { target, patch } of production?.patches ?? []) {
      find(target.kind, target.name);
      if (target.kind !== 'ConfigMap') continue;
      const names = [...patch.matchAll(/path: \/data\/(\w+)/g)].map(([, name = '']) => name);
      expect(names.filter((name) => !knownVariables.has(name))).toEqual([]);
    }
  });

  it('names the image by version', () => {
    expect(new Set(pods().flatMap((pod) => pod.containers.map((each) => each.image)))).toEqual(
      new Set(production?.images?.map((each) => each.name)),
    );
    for (const { newName, newTag } of production?.images ?? [])
      expect(`${newName}:${newTag}`).toMatch(pinnedImage);
  });
});
