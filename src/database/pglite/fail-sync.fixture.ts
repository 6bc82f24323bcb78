import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Imported first by a child process: from the 100th on, every sync in its database thread fails.
if (!isMainThread) {
  const sync = fs.fdatasyncSync;
  let done = 0;
  fs.fdatasyncSync = (file) => {
    done++;
    if (done >= 100) throw new Error('EIO: i/o error, fdatasync');
    sync(file);
  };
  syncBuiltinESMExports();
}
