import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remove, scratchDirectory } from './paths.js';
import { execute, step } from './step.js';

const stampName = '.sources';

/** Builds a clone's page into `web/dist` when what it is made of has changed. Appears whole or not at all. */
export async function buildPage({ root, cache, node }) {
  if (!existsSync(join(root, 'web', 'index.html'))) return;
  const target = join(root, 'web', 'dist');
  const stamp = hashSources(root);
  if (existsSync(join(target, stampName)) && readFileSync(join(target, stampName), 'utf8') === stamp) return;
  const scratch = scratchDirectory(cache);
  await step('building the page', scratch, async () => {
    const built = join(scratch, 'page');
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    await execute(node, [vite, 'build', join(root, 'web'), '--outDir', built, '--logLevel', 'warn'], {
      cwd: root,
      // A developer's NODE_ENV must not decide which React is shipped.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    writeFileSync(join(built, stampName), stamp);
    remove(target);
    try {
      renameSync(built, target);
    } catch (error) {
      // A start at the same time may have put the same page there.
      if (!existsSync(join(target, stampName))) throw error;
    }
  });
}

/** Content of everything that the page is built from: its sources, the shapes it shares, the packages. */
function hashSources(root) {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort(byName)) {
      const child = `${path}/${entry.name}`;
      if (child === 'web/dist' || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) visit(child);
      else hash.update(`${child}\0`).update(readFileSync(join(root, child)));
    }
  };
  for (const path of ['web', 'src/contracts', 'src/domain']) visit(path);
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);
