import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { knownVariables, pinnedImage, readText, servicePorts } from './read-deploy.ts';

interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** Instructions with their continued lines, stage by stage. */
function readStages(): readonly (readonly Instruction[])[] {
  const lines = readText('deploy/Dockerfile')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, value });
  }
  return stages;
}

const stages = readStages();
const final = stages.at(-1) ?? [];
const argumentOf = (name: string) => final.find((each) => each.name === name)?.value ?? '';

describe('the image', () => {
  it('is built in stages from images that are pinned by version', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const [from] of stages) expect(from?.value.split(' ')[0]).toMatch(pinnedImage);
    expect(new Set(stages.map(([from]) => from?.value.split(' ')[0])).size).toBe(1);
  });

  it('fetches nothing but the packages of the lockfile, and runs no script of theirs', () => {
    const instructions = stages.flat();
    expect(instructions.map(({ name }) => name)).not.toContain('ADD');
    const fetches = instructions.filter(({ value }) => /\b(npm|apt-get|curl|wget)\b/.test(value));
    expect(fetches).not.toEqual([]);
    for (const { value } of fetches) expect(value).toMatch(/^npm ci .*--ignore-scripts/);
  });

  it('copies only what the context holds', () => {
    const kept = readText('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources = stages
      .flat()
      .filter(({ name, value }) => name === 'COPY' && !value.startsWith('--from'))
      .flatMap(({ value }) => value.split(' ').slice(0, -1))
      .filter((source) => source !== '.');
    expect(sources).not.toEqual([]);
    expect(sources.filter((source) => !kept.includes(source))).toEqual([]);
  });

  it('runs one process, the server itself, as a user by number', () => {
    expect(argumentOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const names = final.map(({ name }) => name);
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('ENTRYPOINT'));
    for (const name of ['ENTRYPOINT', 'CMD']) {
      expect(names.filter((each) => each === name)).toHaveLength(1);
      expect(JSON.parse(argumentOf(name))).toBeInstanceOf(Array);
    }
    expect(JSON.parse(argumentOf('ENTRYPOINT'))).toEqual(['node', ...launcherFlags(), 'dist/main.js']);
  });

  it('has the settings of the launcher, and names no variable that does not exist', () => {
    const settings = Object.fromEntries(
      [...argumentOf('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const launcher = readText('bin/launcher/run.js');
    for (const name of ['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_']) {
      expect(launcher).toContain(`${name}: '${settings[name]}'`);
    }
    const others = ['NODE_ENV', 'MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_'];
    expect(
      Object.keys(settings).filter((name) => !others.includes(name) && !knownVariables.has(name)),
    ).toEqual([]);
  });

  it('exposes the ports of the services', () => {
    expect(argumentOf('EXPOSE').split(' ').map(Number)).toEqual(Object.values(servicePorts).sort());
  });
});

/** The flags that bin/launcher/run.js gives every server, whatever it runs. */
function launcherFlags(): readonly string[] {
  const [, list = ''] = /const flags = \[([^\]]*)\]/.exec(readText('bin/launcher/run.js')) ?? [];
  return [...list.matchAll(/'(--[^']+)'/g)].map(([, flag = '']) => flag);
}

describe('the health check', () => {
  const script = fileURLToPath(new URL('../../deploy/healthcheck.js', import.meta.url));
  const check = (port: number) =>
    new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [script, 'ingress'], {
        env: { ...process.env, INGRESS_PORT: String(port) },
      });
      child.once('exit', resolve);
    });

  it('asks the service for its readiness', async () => {
    let status = 200;
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await check(port)).toBe(0);
    status = 503;
    expect(await check(port)).toBe(1);
    expect(asked).toEqual(['/health/ready', '/health/ready']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await check(port)).toBe(1);
  });

  it('knows the ports of all services', () => {
    const text = readText('deploy/healthcheck.js');
    for (const [name, port] of Object.entries(servicePorts)) {
      expect(text).toContain(`${name}: process.env.${name.toUpperCase()}_PORT || ${port}`);
    }
  });
});
