import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** How long a child that got the signal itself (a terminal signals the whole group) has before it is sent again. */
const RESEND_AFTER_MS = 1000;
/** Npm and a terminal both pass on one Ctrl-C: what comes again within this time is the same wish. */
const SAME_SIGNAL_MS = 2000;
const PARENT_CHECK_MS = 1000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * For glibc, and ignored elsewhere. Left alone it gives each of a dozen threads an arena of its own and keeps what was
 * freed in them, large buffers too: 150 MB more after a burst of webhooks.
 */
const mallocSettings = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

/**
 * Runs a script on the given Node until it ends, and ends as it ended. The IPC channel carries nothing: its closing
 * tells the child that this process is gone, also when that was killed.
 */
export function run({ node, cache, script, args }) {
  // On a laptop everything shares one process, where a large young generation is memory that never comes back. A service
  // alone would pay for a small one with a quarter of its processor time, in collections.
  const young = args[0] === 'up' ? ['--max-semi-space-size=2'] : [];
  const flags = [
    // For the collection when it comes to rest; see src/runtime/rest.ts.
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
  ];
  let lastSent = Number.NEGATIVE_INFINITY;
  const onSignal = (signal) => {
    const now = performance.now();
    if (now - lastSent < SAME_SIGNAL_MS) return;
    lastSent = now;
    setTimeout(() => child.kill(signal), RESEND_AFTER_MS);
  };
  // Before the child is there: one that comes in between must not end this process alone.
  for (const signal of signals) process.on(signal, onSignal);
  const child = spawn(node, [...young, ...flags, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...mallocSettings,
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cache, 'compile-cache'),
    },
  });
  const watch = watchParent(() => onSignal('SIGTERM'));

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, onSignal);
      if (signal !== null) process.exit(128 + constants.signals[signal]);
      // At once: the timer of a signal that was already obeyed would hold this process for a second.
      process.exit(code);
      resolve();
    });
  });
}

/**
 * Npm runs scripts through a shell that dies of SIGTERM without passing it on; the orphan is given to another
 * parent. Only under npm: whoever starts the launcher with nohup means it to outlive its shell.
 */
function watchParent(onOrphaned) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, PARENT_CHECK_MS);
  return timer;
}
