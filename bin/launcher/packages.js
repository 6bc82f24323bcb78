import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remove, scratchDirectory } from './paths.js';
import { npm, step } from './step.js';

const stampName = '.dispatchai-lockfile';

/**
 * Installs a clone's packages when they are not those of `package-lock.json`. They are installed aside and renamed
 * into place, so that neither an interrupt nor a second start leaves half of them, and a running server keeps its own.
 */
export async function installPackages({ root, cache, node }) {
  const modules = join(root, 'node_modules');
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const stamp = createHash('sha256').update(lockfile).digest('hex');
  if (read(join(modules, stampName)) === stamp) return;
  if (installedByHand(lockfile, modules)) {
    writeFileSync(join(modules, stampName), stamp);
    return;
  }
  const scratch = scratchDirectory(cache);
  await step('installing packages by package-lock.json', scratch, async () => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      if (existsSync(join(root, name))) copyFileSync(join(root, name), join(scratch, name));
    }
    // NODE_ENV=production would leave out what builds the page and runs the tests.
    await npm(['ci', '--include=dev'], { node, cwd: scratch });
    writeFileSync(join(scratch, 'node_modules', stampName), stamp);
    replace(join(scratch, 'node_modules'), modules, join(scratch, 'former'), stamp);
  });
}

function replace(fresh, modules, former, stamp) {
  if (existsSync(modules)) renameSync(modules, former);
  try {
    renameSync(fresh, modules);
  } catch (error) {
    // A start at the same time put its own there between the two renames: the same packages.
    if (read(join(modules, stampName)) !== stamp) throw error;
  }
  remove(former);
}

/**
 * Whether somebody's own `npm install` left exactly the lockfile's packages: npm writes what it installed, as its
 * last act, into `node_modules/.package-lock.json`.
 */
function installedByHand(lockfile, modules) {
  const record = read(join(modules, '.package-lock.json'));
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(lockfile.toString()).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Builds for other platforms are in the lockfile and never installed.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
}
