import { describe, expect, it } from 'vitest';
import { RawHeaders } from '../contracts/topics.ts';
import { EventPayload } from '../contracts/webhook-events.ts';
import { type Clock, systemClock } from '../effects/clock.ts';
import { systemRandomness } from '../effects/randomness.ts';
import type { NewRecord } from '../log/event-log.ts';
import { type ImportOptions, type ImportProgress, importIssues } from './import-issues.ts';

const repository = { id: 42, name: 'hello', full_name: 'octo/hello', owner: { login: 'octo' } };
const issue = (number: number, over: Record<string, unknown> = {}) => ({
  number,
  title: `Issue ${number}`,
  body: 'A body',
  user: { login: 'mona', avatar_url: 'https://avatars.example/1' },
  state: 'open',
  labels: [{ id: 1, name: 'bug' }],
  html_url: `https://github.com/octo/hello/issues/${number}`,
  repository_url: 'https://api.github.com/repos/octo/hello',
  created_at: '2026-01-02T03:04:05Z',
  updated_at: '2026-02-02T03:04:05Z',
  ...over,
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => issue(from + n));

interface Run extends Partial<Pick<ImportOptions, 'append' | 'lag' | 'signal'>> {
  readonly clock?: Clock;
}

async function run(text: string, over: Run = {}) {
  const records: NewRecord[] = [];
  const batches: number[] = [];
  const progress: ImportProgress[] = [];
  async function* input() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 999) yield bytes.subarray(at, at + 999);
  }
  const outcome = await importIssues({
    input: input(),
    append: async (batch) => {
      batches.push(batch.length);
      records.push(...batch);
    },
    lag: async () => 0,
    clock: systemClock,
    randomness: systemRandomness,
    onProgress: (each) => progress.push(each),
    ...over,
  });
  return { outcome, records, batches, progress, ids: records.map(({ headers }) => headers['delivery-id']) };
}

const pages = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('');

describe('importing what gh api writes', () => {
  it('makes each issue a snapshot in the log, and skips pull requests', async () => {
    const pull = issue(3, { pull_request: { url: 'x' } });
    const { outcome, records } = await run(pages(repository, [issue(1), pull], [issue(2)]));
    expect(outcome).toMatchObject({
      kind: 'done',
      progress: { repository: 'octo/hello', read: 3, appended: 2, skipped: 1, waiting: false },
    });
    expect(records.map(({ key }) => key)).toEqual(['42#1', '42#2']);
    for (const record of records) {
      expect(RawHeaders.parse(record.headers)).toMatchObject({
        'delivery-id': expect.stringMatching(/^snapshot:42#\d:[0-9a-f]{32}$/),
        event: 'snapshot',
        action: 'snapshot',
        origin: 'import',
      });
      const value = JSON.parse(Buffer.from(record.value ?? []).toString());
      expect(EventPayload.parse(value).repository).toEqual({ id: 42, full_name: 'octo/hello' });
      expect(value.issue).toEqual(issue(value.issue.number));
    }
  });

  it('gives the same state the same delivery id, and another state another one', async () => {
    const once = await run(pages(repository, [issue(1), issue(2)]));
    const again = await run(pages(repository, [issue(1, { reactions: { '+1': 5 } }), issue(2)]));
    expect(again.ids).toEqual(once.ids);
    const edited = await run(pages(repository, [issue(1, { title: 'Edited' })]));
    const later = await run(pages(repository, [issue(1, { updated_at: '2026-02-02T03:04:06Z' })]));
    expect(new Set([...once.ids, ...edited.ids, ...later.ids]).size).toBe(4);
  });

  it('takes several repositories one after the other', async () => {
    const other = { id: 43, full_name: 'octo/other' };
    const theirs = issue(1, { repository_url: 'https://api.github.com/repos/Octo/Other' });
    const { outcome, records } = await run(pages(repository, [issue(1)], other, [theirs]));
    expect(outcome.kind).toBe('done');
    expect(records.map(({ key }) => key)).toEqual(['42#1', '43#1']);
  });

  it('appends in batches', async () => {
    const { batches, records, progress } = await run(pages(repository, range(1, 131)));
    expect(batches).toEqual([50, 50, 30]);
    expect(records).toHaveLength(130);
    expect(progress.at(-1)?.appended).toBe(130);
  });
});

describe('an import behind live work', () => {
  it('appends no more than the lag leaves room for, and waits meanwhile', async () => {
    let lag = 0;
    let slept = 0;
    const clock: Clock = {
      ...systemClock,
      sleep: async () => {
        slept += 1;
        lag = Math.max(0, lag - 30);
      },
    };
    const seen: number[] = [];
    const { outcome, progress } = await run(pages(repository, range(1, 501)), {
      clock,
      lag: async () => lag,
      append: async (batch) => {
        expect(lag).toBeLessThan(100);
        lag += batch.length;
        seen.push(lag);
      },
    });
    expect(outcome).toMatchObject({ kind: 'done', progress: { appended: 500 } });
    expect(Math.max(...seen)).toBe(100);
    expect(slept).toBeGreaterThan(5);
    expect(progress.some(({ waiting }) => waiting)).toBe(true);
  });

  it('stops in the middle of waiting', async () => {
    const stop = new AbortController();
    const clock: Clock = { ...systemClock, sleep: async () => stop.abort() };
    const { outcome, records } = await run(pages(repository, range(1, 60)), {
      clock,
      lag: async () => 100,
      signal: stop.signal,
    });
    expect(outcome.kind).toBe('stopped');
    expect(records).toEqual([]);
  });
});

describe('input that is not what gh api writes', () => {
  it.each([
    ['', 'no repository'],
    [pages([issue(1)]), 'an issue without its repository'],
    [pages({ message: 'Not Found', status: '404' }), 'answered with an error: Not Found'],
    [pages(repository, { hello: 1 }), 'neither a repository nor an issue'],
    [pages({ full_name: 'octo/hello' }), 'not a repository'],
    [pages(repository, [issue(1, { updated_at: 'yesterday' })]), 'updated_at'],
    [pages(repository, [issue(1, { repository_url: 'https://api.github.com/repos/octo/not' })]), 'octo/not'],
    [`${pages(repository)}[{"number":1,`, 'never ends'],
    [`${pages(repository)}[{"number":1 "title":2}]`, 'not JSON'],
  ])('is refused with a sentence: %#', async (text, sentence) => {
    const { outcome } = await run(text);
    expect(outcome).toMatchObject({ kind: 'malformed', detail: expect.stringContaining(sentence) });
  });

  it('leaves what came before appended, and says where it was', async () => {
    const before = pages(repository, range(1, 61));
    const { outcome, records } = await run(`${before}\n{"odd":1}`);
    expect(outcome).toMatchObject({ kind: 'malformed', place: { line: 2, offset: before.length + 1 } });
    expect(records).toHaveLength(60);
  });
});
