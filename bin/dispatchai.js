#!/usr/bin/env node
// The one file that any Node from 18 on can run: it gets what is missing (a Node new enough for TypeScript and
// node:sqlite, the packages, the built page) and then runs the command line on it. Plain JavaScript, no packages.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, obtainNode } from './launcher/node.js';
import { installPackages } from './launcher/packages.js';
import { buildPage } from './launcher/page.js';
import { cacheDirectory } from './launcher/paths.js';
import { run } from './launcher/run.js';
import { Failure } from './launcher/step.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isClone = existsSync(join(root, 'src', 'main.ts'));

async function main(args) {
  if (process.platform === 'win32') {
    throw new Failure(
      'DispatchAI runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux (WSL).',
    );
  }
  const cache = isClone ? join(root, '.runtime') : cacheDirectory();
  const node = isNewEnough(process.versions.node) ? process.execPath : await obtainNode(cache);
  if (isClone) await installPackages({ root, cache, node });
  if (args[0] === 'with-node') {
    if (args.length < 2) throw new Failure('usage: dispatchai with-node <script> [arguments]');
    return run({ node, cache, script: args[1], args: args.slice(2) });
  }
  if (isClone && servesPage(args)) await buildPage({ root, cache, node });
  return run({ node, cache, script: join(root, isClone ? 'src/main.ts' : 'dist/main.js'), args });
}

function servesPage([command, service, ...rest]) {
  if ([command, service, ...rest].some((arg) => arg === '--help' || arg === '-h')) return false;
  return command === 'up' || (command === 'start' && service === 'gateway');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`dispatchai: ${error.message}\n`);
  process.exitCode = 1;
}
