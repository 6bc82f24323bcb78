import { expect, it } from 'vitest';
import { RawHeaders } from '../../contracts/topics.ts';
import { systemClock } from '../../effects/clock.ts';
import { readEvent } from '../../github/read-event.ts';
import { sendSamples } from '../../operations/samples/send-samples.ts';
import { openIngress, secret } from './ingress.fixture.ts';

it('the samples of a first start go through the real ingress, signed, and every one can be read', async () => {
  await using server = await openIngress();
  const progress: number[] = [];
  const outcome = await sendSamples({
    url: server.ingress.url,
    secret,
    clock: systemClock,
    fetch,
    onProgress: ({ sent }) => progress.push(sent),
  });
  const { records } = server.log;
  expect(outcome).toEqual({ kind: 'sent', deliveries: records.length });
  expect(progress.at(-1)).toBe(records.length);
  for (const { headers, value } of records) {
    const parsed = RawHeaders.parse(headers);
    expect(parsed.origin).toBe('sample');
    expect(readEvent(parsed, value ?? new Uint8Array())).toMatchObject({ kind: 'event' });
  }
  expect(new Set(records.map(({ key }) => key)).size).toBe(40);
});
