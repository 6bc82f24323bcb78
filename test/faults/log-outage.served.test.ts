import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Participant, record } from '../../src/log/conformance/harness.ts';
import { type LogRecord, LogUnavailableError } from '../../src/log/event-log.ts';
import { KafkaLogFixture } from '../../src/log/kafka/kafka-log.fixture.ts';
import { KafkaServer } from '../servers/kafka-server.ts';
import { until } from '../until.ts';

let server: KafkaServer;
let fixture: KafkaLogFixture;
beforeAll(async () => {
  server = await KafkaServer.start();
  fixture = await KafkaLogFixture.open(server.bootstrapServers);
});
afterAll(async () => {
  await fixture?.dispose();
  await server?.remove();
});

const from = [0, 1, 2].map((partition) => ({ topic: 'issues.raw' as const, partition, offset: 0 }));

describe('the log, while its only broker is killed and started again', () => {
  it('keeps what it acknowledged, refuses in time, and readers and members go on by themselves', async () => {
    const { log } = fixture;
    const member = await Participant.join(log, 'outage', ['issues.raw']);
    const before = await member.holding(3);
    const followed: LogRecord[] = [];
    const following = log.follow('issues.raw', from);
    const reading = (async () => {
      for await (const batch of following) followed.push(...batch);
    })();
    const acknowledged: string[] = [];
    const append = async (value: string) => {
      await log.append([record(value, value)]);
      acknowledged.push(value);
    };
    for (let number = 0; number < 50; number++) await append(`before ${number}`);
    const appending = Promise.allSettled(
      Array.from({ length: 500 }, (_, number) => append(`during ${number}`)),
    );
    await server.kill();
    await appending;

    const began = performance.now();
    await expect(log.append([record('k', 'down')])).rejects.toThrow(LogUnavailableError);
    expect(performance.now() - began).toBeLessThan(2_000);
    await expect(log.ranges('issues.raw')).rejects.toThrow(LogUnavailableError);
    await until(() => before.lost.aborted, { what: 'the partitions count as lost', withinMs: 10_000 });

    await server.restart();
    const after = await member.holding(3);
    expect(await after.confirm()).toBe('held');
    await until(() => append('after').then(() => true), { what: 'the log takes records', withinMs: 20_000 });
    const values = () => followed.map(({ value }) => Buffer.from(value ?? []).toString());
    await until(() => values().includes('after'), { what: 'the follower goes on', withinMs: 30_000 });
    for (const value of acknowledged) expect(values().filter((each) => each === value)).toHaveLength(1);
    expect(values()).not.toContain('down');
    await member.leave();
    await following.close();
    await reading;
  });
});
