import { afterEach, describe, expect, inject, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { keysOf, record } from '../conformance/harness.ts';
import { LogUnavailableError } from '../event-log.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

const [key = ''] = keysOf(0, 1);
const from = [0, 1, 2].map((partition) => ({ topic: topics.raw, partition, offset: 0 }));

let fixture: KafkaLogFixture;
afterEach(() => fixture.dispose());

describe('a topic that is deleted and made anew', () => {
  it('has another id, ends what reads it, and is not written before it was named once', async () => {
    fixture = await KafkaLogFixture.open(inject('kafka'));
    const { log } = fixture;
    await log.append([record(key, 'before')]);
    const before = await log.identity();
    const reading = log.follow(topics.raw, from)[Symbol.asyncIterator]();
    await reading.next();
    const ended = expect(reading.next()).rejects.toThrow('was deleted and made anew');

    await fixture.makeAnew(topics.raw);
    const after = await log.identity();
    expect(after.topicIds['issues.raw']).not.toBe(before.topicIds['issues.raw']);
    expect(after.topicIds['issues.enriched']).toBe(before.topicIds['issues.enriched']);
    await ended;
    const refused = log.append([record(key, 'unaware')]);
    await expect(refused).rejects.toThrow(LogUnavailableError);
    await expect(refused).rejects.toThrow('was deleted and made anew');
    expect(await log.append([record(key, 'aware')])).toEqual([{ ...from[0], offset: 0 }]);
  });

  it('is named when it is missing', async () => {
    fixture = await KafkaLogFixture.open(inject('kafka'));
    await fixture.remove(topics.deadLetter);
    await expect(fixture.another()).rejects.toThrow(
      `these topics do not exist: ${fixture.names[topics.deadLetter]}`,
    );
    const late = fixture.log.append([record(key, '', { topic: topics.deadLetter })]);
    await expect(late).rejects.toThrow(LogUnavailableError);
    await expect(fixture.log.identity()).rejects.toThrow('does not exist');
  });
});
