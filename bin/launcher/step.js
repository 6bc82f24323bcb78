import { spawn } from 'node:child_process';
import { basename, delimiter, dirname } from 'node:path';
import { remove } from './paths.js';

/** An expected end: shown as one sentence, without a stack. */
export class Failure extends Error {}

/**
 * Runs `work` in one line on stderr: what is done, then how long it took. `scratch` is removed afterwards,
 * whatever happened, also when the step is interrupted.
 */
export async function step(title, scratch, work) {
  const started = Date.now();
  process.stderr.write(`dispatchai: ${title} … `);
  const interrupted = (signal) => {
    remove(scratch);
    process.stderr.write('interrupted\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const result = await work();
    process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  } finally {
    remove(scratch);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** Runs a program quietly; its output is shown only when it fails. Resolves to whether it succeeded. */
export async function execute(file, args, options) {
  const { code, output } = await collect(file, args, options);
  if (code === 0) return;
  const tail = output.trimEnd().split('\n').slice(-40).join('\n');
  throw new Failure(`${basename(file)} ${args[0] ?? ''} failed (${code}):\n${tail}`);
}

function collect(file, args, options) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-64_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: error.code ?? 'error', output: error.message }));
    child.once('close', (code, signal) => {
      process.off('exit', end);
      resolve({ code: code ?? signal, output });
    });
  });
}

/** Runs npm on the given Node: its own start line says `env node`, so PATH decides. */
export async function npm(args, { node, cwd }) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const cli = process.env.npm_execpath;
  const common = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--no-dry-run',
    '--no-global',
  ];
  const all = [...args, `--prefix=${cwd}`, ...common];
  // Under `npm start` npm names itself; other package managers set the variable too.
  if (cli && basename(cli) === 'npm-cli.js') return execute(node, [cli, ...all], { cwd, env });
  return execute('npm', all, { cwd, env });
}
