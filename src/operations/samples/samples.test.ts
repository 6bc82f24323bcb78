import { describe, expect, it } from 'vitest';
import { EventPayload } from '../../contracts/webhook-events.ts';
import { systemClock } from '../../effects/clock.ts';
import { verifySignature } from '../../github/signature.ts';
import { buildDeliveries } from './build-deliveries.ts';
import { sampleProjects } from './projects.ts';
import { sendSamples } from './send-samples.ts';

const now = Date.parse('2026-05-04T10:20:30.456Z');
const deliveries = buildDeliveries(sampleProjects, now);
const payloads = deliveries.map(({ body }) => EventPayload.parse(JSON.parse(body.toString())));
const issues = sampleProjects.flatMap((project) => project.issues);
const keyOf = ({ repository, issue }: EventPayload) => `${repository.id}#${issue.number}`;

describe('the samples', () => {
  it('are forty issues of repositories that GitHub cannot have', () => {
    expect(new Set(payloads.map(keyOf)).size).toBe(40);
    expect(payloads.every(({ repository }) => repository.id < 0)).toBe(true);
    expect(new Set(payloads.map(({ issue }) => issue.user?.login)).size).toBeGreaterThan(30);
  });

  it('have happened, in the order in which they are sent', () => {
    const times = deliveries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(now);
    for (const { issue } of payloads) expect(issue.updated_at >= issue.created_at).toBe(true);
    const opened = payloads.filter(({ action }) => action === 'opened');
    const ages = opened.map(({ issue }) => (now - Date.parse(issue.created_at)) / 60_000);
    expect(Math.min(...ages)).toBeLessThan(15);
    expect(Math.max(...ages)).toBeGreaterThan(14 * 24 * 60);
  });

  it('show every kind of follow-up and some that are closed', () => {
    expect(new Set(payloads.map(({ action }) => action))).toEqual(
      new Set(['opened', 'created', 'edited', 'labeled', 'assigned', 'closed', 'reopened']),
    );
    const last = new Map(payloads.map((payload) => [keyOf(payload), payload.issue.state]));
    expect([...last.values()].filter((state) => state === 'closed').length).toBeGreaterThanOrEqual(4);
    const bodies = issues.map(({ body }) => body?.length ?? 0);
    expect(Math.max(...bodies)).toBeGreaterThan(1500);
    expect(Math.min(...bodies)).toBe(0);
  });

  it('have delivery ids that are the same on another day', () => {
    const ids = deliveries.map(({ deliveryId }) => deliveryId);
    expect(new Set(ids).size).toBe(ids.length);
    const later = buildDeliveries(sampleProjects, now + 86_400_000);
    expect(new Set(later.map(({ deliveryId }) => deliveryId))).toEqual(new Set(ids));
  });

  it('carry in each payload the state after its own event', () => {
    for (const { action, issue, label, assignee } of payloads) {
      if (action === 'labeled') expect(issue.labels).toContainEqual({ name: label?.name });
      if (action === 'assigned') expect(issue.assignees).toContainEqual({ login: assignee?.login });
      if (action === 'closed') expect(issue.closed_at).toBe(issue.updated_at);
    }
  });
});

describe('the three hostile ones', () => {
  const hostile = deliveries
    .filter(({ deliveryId }) => deliveryId.startsWith('sample-untrusted-'))
    .map(({ body }) => body.toString());

  it('carry scripts and links that run', () => {
    expect(hostile.some((text) => text.includes('<script>') && text.includes('](javascript:'))).toBe(true);
  });

  it('carry NUL and lone surrogates, escaped as JSON has them', () => {
    const text = hostile.find((candidate) => candidate.includes('\\u0000')) ?? '';
    expect(text).toContain('\\ud800');
    const { issue } = JSON.parse(text);
    expect([issue.title.isWellFormed(), issue.body.isWellFormed()]).toEqual([false, false]);
    expect(issue.title).toContain('\u0000');
  });

  it('carry instructions to a model', () => {
    expect(hostile.some((text) => text.includes('Ignore all previous instructions'))).toBe(true);
  });
});

describe('sending them', () => {
  const secret = 'the secret of ingress';
  const sending = (answer: (id: string, attempt: number) => Response | Error, signal?: AbortSignal) => {
    const asked: { id: string; valid: boolean }[] = [];
    let flying = 0;
    let most = 0;
    const outcome = sendSamples({
      url: 'http://ingress',
      secret,
      clock: { ...systemClock, now: () => now, sleep: () => Promise.resolve() },
      fetch: async (url, init) => {
        expect(url).toBe('http://ingress/webhook/github');
        const headers = new Headers(init?.headers);
        const id = headers.get('x-github-delivery') ?? '';
        const signature = headers.get('x-hub-signature-256') ?? '';
        asked.push({ id, valid: verifySignature(init?.body as Uint8Array, signature, [secret]) });
        flying += 1;
        most = Math.max(most, flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying -= 1;
        const given = answer(id, asked.filter((one) => one.id === id).length);
        if (given instanceof Error) throw given;
        return given;
      },
      ...(signal ? { signal } : {}),
    });
    return { outcome, asked, most: () => most };
  };
  const accepted = () => new Response('{}', { status: 202 });

  it('signs each, a few at a time', async () => {
    const { outcome, asked, most } = sending(accepted);
    expect(await outcome).toEqual({ kind: 'sent', deliveries: deliveries.length });
    expect(asked.every(({ valid }) => valid)).toBe(true);
    expect(most()).toBe(4);
  });

  it('tries again what a busy ingress did not take', async () => {
    const { outcome, asked } = sending((_id, attempt) => {
      if (attempt === 1) return new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      return attempt === 2 ? new Response('busy', { status: 503 }) : accepted();
    });
    expect(await outcome).toMatchObject({ kind: 'sent' });
    expect(asked).toHaveLength(3 * deliveries.length);
  });

  it('ends with the first that is refused', async () => {
    const { outcome, asked } = sending(() => new Response('no', { status: 401 }));
    expect(await outcome).toMatchObject({ kind: 'refused', detail: '401 no' });
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { outcome, asked } = sending(() => {
      stop.abort();
      return accepted();
    }, stop.signal);
    expect(await outcome).toEqual({ kind: 'stopped' });
    expect(asked.length).toBeLessThanOrEqual(4);
  });
});
