import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readText, readYaml } from './read-deploy.ts';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

const rules = readYaml<Rules>('deploy/prometheus/alerts.yml').flatMap(({ groups }) =>
  groups.flatMap((group) => group.rules),
);

/** Metrics by name, as the code makes them. */
function metricsInCode(): ReadonlySet<string> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.(test|fixture)\.ts$/.test(file));
  const names = files.flatMap((file) =>
    [...readText(file).matchAll(/\b(?:counter|gauge|histogram)\(\s*'(dispatchai_\w+)'/g)].map(
      ([, name = '']) => name,
    ),
  );
  return new Set(names);
}

it('names metrics that exist', () => {
  const known = metricsInCode();
  const named = rules.flatMap(({ expr }) => expr.match(/dispatchai_\w+/g) ?? []);
  expect(named).not.toEqual([]);
  expect(named.filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([]);
});

it('names reasons of refusals that exist', () => {
  const reasons = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/reason=~?"([^"]+)"/g)].flatMap(([, list = '']) => list.split('|')),
  );
  const answers = readText('src/services/ingress/answer.ts');
  for (const reason of reasons) expect(answers).toContain(`'${reason}'`);
});

it('says for each alert how bad it is, what happened and what to do', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^DispatchAI[A-Z]/);
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary.length, alert).toBeGreaterThan(10);
    expect(annotations.description.length, alert).toBeGreaterThan(10);
  }
});
