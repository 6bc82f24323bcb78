import { describe, expect, it } from 'vitest';
import { effects } from '../../effects/silent.fixture.ts';
import { LogUnavailableError, RecordTooLargeError } from '../event-log.ts';
import { BrokerFailure } from './broker-failure.ts';
import { type DueRecord, PartitionWriter } from './partition-writer.ts';

const { clock } = effects;
const place = { topic: 'issues.raw', partition: 0 } as const;
const leader = { node: 1, host: 'broker', port: 1 };
const known = {
  names: { 'issues.raw': 'raw' },
  leader: async () => leader,
  ask: async () => ({}),
};

type Answer = (values: readonly string[]) => number | Error | 'silence';

/** A writer whose sends are answered by the test; `sends` has what went out. */
function writerWith(answer: Answer, directory: object = known) {
  const sends: string[][] = [];
  let withdrawn = 0;
  const lane = {
    send: (_: unknown, messages: readonly { value: Buffer }[]) => {
      const values = messages.map(({ value }) => value.toString());
      sends.push(values);
      const answered = answer(values);
      const offset =
        answered === 'silence'
          ? new Promise<number>(() => undefined)
          : new Promise<number>((resolve, reject) =>
              setImmediate(() => (typeof answered === 'number' ? resolve(answered) : reject(answered))),
            );
      return { offset, withdraw: () => withdrawn++ };
    },
    close: () => undefined,
  };
  const lanes = { shared: () => lane, open: () => lane, close: () => undefined };
  const writer = new PartitionWriter(place, lanes as never, directory as never, clock);
  const write = (value: string, { bytes = 10, ms = 1_000 } = {}) =>
    new Promise<number>((placed, failed) => {
      const message = { topic: 'raw', partition: 0, value: Buffer.from(value) };
      const due: DueRecord = { message, bytes, deadline: clock.monotonic() + ms, placed, failed };
      writer.write([due]);
    });
  return { write, sends, withdrawn: () => withdrawn };
}
const refusal = (apiId: string, sent = true) => new BrokerFailure({ apiId, message: 'no' }, sent);

describe('a partition’s writer', () => {
  it('shares sends and gives each record its place', async () => {
    let end = 0;
    const { write, sends } = writerWith((values) => {
      end += values.length;
      return end - values.length;
    });
    const first = ['a', 'b'].map((value) => write(value));
    await first[0];
    expect(await Promise.all([...first, write('c')])).toEqual([0, 1, 2]);
    expect(sends).toEqual([['a', 'b'], ['c']]);
  });

  it('lets a record that is too large fail alone, and keeps the order of the others', async () => {
    let end = 0;
    const { write, sends } = writerWith((values) => {
      if (values.includes('large')) return refusal('MESSAGE_TOO_LARGE');
      end += values.length;
      return end - values.length;
    });
    const settled = await Promise.allSettled(['a', 'large', 'b', 'c'].map((value) => write(value)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: expect.any(RecordTooLargeError) });
    expect(sends.filter((values) => !values.includes('large')).flat()).toEqual(['a', 'b', 'c']);
  });

  it('sends again what was certainly not written', async () => {
    const answers = [refusal('NOT_LEADER_OR_FOLLOWER'), refusal('', false), 7];
    const { write, sends } = writerWith(() => answers.shift() ?? 0);
    expect(await write('a')).toBe(7);
    expect(sends).toEqual([['a'], ['a'], ['a']]);
  });

  it('never sends again what may have been written', async () => {
    const { write, sends } = writerWith(() => refusal('REQUEST_TIMED_OUT'));
    await expect(write('a')).rejects.toThrow(LogUnavailableError);
    expect(sends).toEqual([['a']]);
  });

  it('rejects by the deadline when the broker is silent, with all that waits behind, and sends none of it later', async () => {
    const { write, sends, withdrawn } = writerWith(() => 'silence');
    const began = clock.monotonic();
    const first = write('a', { ms: 400 });
    await clock.sleep(50);
    const settled = await Promise.allSettled([first, write('b', { ms: 1_000 }), write('c', { ms: 1_000 })]);
    expect(clock.monotonic() - began).toBeLessThan(700);
    for (const each of settled) expect(each).toMatchObject({ reason: expect.any(LogUnavailableError) });
    await clock.sleep(50);
    expect(sends).toEqual([['a']]);
    expect(withdrawn()).toBe(1);
  });

  it('sends nothing that was rejected while its leader was looked for', async () => {
    const asked = Promise.withResolvers<object>();
    const directory = { ...known, ask: () => asked.promise };
    const { write, sends } = writerWith(() => refusal('NOT_LEADER_OR_FOLLOWER'), directory);
    await expect(write('a', { ms: 400 })).rejects.toThrow(LogUnavailableError);
    asked.resolve({});
    await new Promise((resolve) => setImmediate(resolve));
    expect(sends).toEqual([['a']]);
  });
});
