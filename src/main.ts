import { runCommandLine } from './cli/run-command-line.ts';

/** What a command leaves open must not keep a process that has nothing more to do. */
const lingerMs = 1_000;

process.exitCode = await runCommandLine(process.argv.slice(2));
// Unreferenced: it fires only where something else still holds the event loop.
setTimeout(() => process.exit(), lingerMs).unref();
