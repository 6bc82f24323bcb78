// prepack: Node strips no types under node_modules, so the package carries the server as JavaScript, and the built page.
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
// The launcher's own build, so that the package has the same page as a clone.
import { buildPage } from '../bin/launcher/page.js';
import { root, runStep } from './steps.ts';

const draft = join(root, '.runtime', 'dist.unfinished');
const target = join(root, 'dist');

await buildPage({ root, cache: join(root, '.runtime'), node: process.execPath });
rmSync(draft, { recursive: true, force: true });
const emitted = await runStep({
  name: 'emit',
  script: 'node_modules/typescript/bin/tsc',
  args: ['-p', 'tsconfig.build.json', '--outDir', draft],
});
if (!emitted.passed) {
  console.error(emitted.output);
  process.exit(1);
}
copyAssets(join(root, 'src'), draft);
cpSync(join(root, 'web', 'dist'), join(draft, 'page'), { recursive: true });
rmSync(target, { recursive: true, force: true });
renameSync(draft, target);
console.error(`built the package in ${target}`);

/** What the server reads beside its code: migrations, the model's weights. */
function copyAssets(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || extname(entry.name) === '.ts') continue;
    const path = join(entry.parentPath, entry.name).slice(from.length + 1);
    cpSync(join(from, path), join(to, path));
  }
}
