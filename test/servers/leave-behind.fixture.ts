// Starts a process, makes a directory, leaves both to the warden, prints them, and waits to be killed.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entrust } from './end-with-this-process.ts';

const forever = 'setInterval(() => undefined, 1000)';
const child = spawn(process.execPath, ['--eval', forever], { detached: true, stdio: 'ignore' });
const directory = mkdtempSync(join(tmpdir(), 'dispatchai-warden-'));
entrust({ group: child.pid ?? 0 });
entrust({ directory });
console.log(JSON.stringify({ pid: child.pid, directory }));
setInterval(() => undefined, 1000);
