import { afterEach, describe } from 'vitest';
import { describeAppending } from './appending.ts';
import { describeGroups } from './groups.ts';
import { describeHandover } from './handover.ts';
import type { EventLogHarness, LogUnderTest } from './harness.ts';
import { describeReading } from './reading.ts';
import { describeTopics } from './topics.ts';

/** Opens a log that is disposed of after the test. */
export type Create = EventLogHarness['create'];

/** Every promise of the `EventLog` port as a test. A driver that passes can take another's place. */
export function describeEventLog(name: string, harness: EventLogHarness): void {
  const opened: LogUnderTest[] = [];
  const create: Create = async (overrides) => {
    const log = await harness.create(overrides);
    opened.push(log);
    return log;
  };

  describe(`${name} keeps the event log's promises`, { timeout: 60_000 }, () => {
    afterEach(async () => {
      for (const log of opened.splice(0)) await log.dispose();
    });
    describeAppending(create);
    describeReading(create);
    describeTopics(create);
    describeGroups(create);
    describeHandover(create);
  });
}
