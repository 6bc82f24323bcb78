import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Cruised {
  readonly totalCruised: number;
  readonly violated: readonly string[];
}

describe('the lint of import directions', () => {
  let copy = '';

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'dispatchai-architecture-'));
    for (const name of ['src', '.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });

  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  function plant(file: string, content: string): void {
    const path = join(copy, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  function cruise(): Cruised {
    const args = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    if (stdout === '') throw new Error(stderr);
    const { summary } = JSON.parse(stdout);
    return {
      totalCruised: summary.totalCruised,
      violated: summary.violations.map(
        (each: { from: string; rule: { name: string } }) => `${each.from}: ${each.rule.name}`,
      ),
    };
  }

  it('reads the sources (with an unfit TypeScript it reads none and passes)', () => {
    const { totalCruised, violated } = cruise();
    expect(totalCruised).toBeGreaterThan(150);
    expect(violated).toEqual([]);
  });

  it.each([
    ['src/domain/planted.ts', "import '../database/outbox.ts';", 'domain-imports-downwards'],
    ['src/log/planted.ts', "import '../database/outbox.ts';", 'log-imports-downwards'],
    ['src/operations/planted.ts', "import '../runtime/config.ts';", 'operations-imports-downwards'],
    [
      'src/contracts/planted.ts',
      "import type { Clock } from '../effects/clock.ts';\nexport type X = Clock;",
      'contracts-imports-downwards',
    ],
    ['src/services/relay/planted.ts', "import '../ingress/limits.ts';", 'services-apart'],
    [
      'src/services/relay/planted.ts',
      "import '../../log/embedded/embedded-log.ts';",
      'drivers-in-compose-only',
    ],
    ['src/domain/planted.ts', "import './nowhere.ts';", 'no-unresolvable'],
    ['src/domain/planted.ts', "import 'fast-check';", 'shipped-needs-dependencies'],
  ])('refuses in %s: %s', (file, content, rule) => {
    plant(file, content);
    expect(cruise().violated).toContain(`${file}: ${rule}`);
  });
});
