import { systemClock } from '../../effects/clock.ts';
import { lockDataDirectory } from './data-directory-lock.ts';

// A child process: holds the lock on the directory named by its argument until it is killed.
const directory = process.argv[2];
if (directory === undefined) throw new Error('which directory?');
const lock = await lockDataDirectory(directory, { clock: systemClock, description: 'the fixture' });
// A channel that nobody listens to would not keep this process, and the lock would be free when it ends.
process.channel?.ref();
process.send?.(lock.kind);
