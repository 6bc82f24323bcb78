// Beside a test process: when that is gone, however it went, this ends and removes what it left behind.
// Each line of stdin is an Entrusted; the end of stdin is the end of the test process.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Entrusted } from './end-with-this-process.ts';
import { killGroup } from './processes.ts';

const groups = new Set<number>();
const containers = new Set<string>();
const directories = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const { group, container, directory, ended = false }: Entrusted = JSON.parse(line);
  if (group !== undefined) note(groups, group, ended);
  if (container !== undefined) note(containers, container, ended);
  if (directory !== undefined) note(directories, directory, ended);
}
for (const group of groups) killGroup(group);
if (containers.size > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...containers]);
for (const directory of directories) {
  // Servers killed above may still be writing.
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function note<Item>(items: Set<Item>, item: Item, ended: boolean): void {
  if (ended) items.delete(item);
  else items.add(item);
}
