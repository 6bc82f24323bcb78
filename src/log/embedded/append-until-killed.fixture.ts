import { writeSync } from 'node:fs';
import { systemClock } from '../../effects/clock.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { silent } from '../../effects/silent.fixture.ts';

import { openEmbeddedLog } from './embedded-log.ts';

/** Appends to the file named by the first argument and tells of each record once it is acknowledged. */
const [file = ''] = process.argv.slice(2);
const effects = { clock: systemClock, randomness: systemRandomness, logger: silent };
const log = await openEmbeddedLog({ ...effects, file, profile: 'development' });

async function appendForEver(appender: number): Promise<void> {
  for (let n = 0; ; n++) {
    const value = new Uint8Array(9_000).fill(n % 256);
    const key = `${appender}-${n}`;
    const [place] = await log.append([{ topic: 'issues.raw', key, value, headers: { n: String(n) } }]);
    writeSync(1, `${JSON.stringify({ ...place, key })}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, appender) => appendForEver(appender)));
