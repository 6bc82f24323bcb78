import { setTimeout as delay } from 'node:timers/promises';
import { postWebhook } from './post-webhook.ts';
import { issuePayload } from './webhook-payload.ts';

export interface Answer {
  /** Null when nobody answered. */
  readonly status: number | null;
  readonly milliseconds: number;
}

export interface LoadOptions {
  /** Where to post: a sender that is refused turns to the next one. */
  readonly urls: readonly string[];
  /** How many at most. */
  readonly webhooks: number;
  /** Numbers of the issues, each opened once and then edited, a second later each time. */
  readonly issues: number;
  readonly senders: number;
  /** How many may be begun before `allow` says more; all of them when absent. */
  readonly allowed?: number;
  /** Begins each delivery's id, so that two loads of one test differ. */
  readonly name?: string;
  /** Before each webhook of a sender: a load that has to last must not fill the disk. */
  readonly pauseMs?: number;
  /** What a sender does with a delivery that nobody took. */
  readonly refused: 'send again' | 'give up';
}

/** Webhooks posted by several senders at once. */
export interface Load {
  /** Delivery ids that were answered 202. */
  readonly accepted: ReadonlySet<string>;
  readonly answers: readonly Answer[];
  /** How many were begun. */
  begun(): number;
  /** From now on so many in all may be begun. */
  allow(webhooks: number): void;
  /** Begins no more. */
  finish(): void;
  /** Resolves once every sender is done. */
  readonly done: Promise<void>;
}

/** Between two attempts at one delivery. */
const resendMs = 50;

export function startLoad(options: LoadOptions): Load {
  const { urls, webhooks, senders, name = 'load', pauseMs = 0, refused } = options;
  const accepted = new Set<string>();
  const answers: Answer[] = [];
  let next = 0;
  let last = webhooks;
  let allowed = options.allowed ?? webhooks;
  const waiting: (() => void)[] = [];
  const goOn = () => {
    for (const wake of waiting.splice(0)) wake();
  };

  async function send(delivery: string, payload: Uint8Array): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const began = performance.now();
      const status = await postWebhook(urls[attempt % urls.length] ?? '', delivery, payload);
      answers.push({ status, milliseconds: performance.now() - began });
      if (status === 202) accepted.add(delivery);
      else if (status !== null && status !== 503) throw new Error(`${delivery} was answered ${status}`);
      if (status === 202 || refused === 'give up') return;
      await delay(resendMs);
    }
  }

  async function work(): Promise<void> {
    while (next < last) {
      if (next >= allowed) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      const n = next;
      next += 1;
      await send(`${name}-${n}`, nthWebhook(n, options.issues));
      if (pauseMs > 0) await delay(pauseMs);
    }
  }

  return {
    accepted,
    answers,
    begun: () => next,
    allow: (more) => {
      allowed = more;
      goOn();
    },
    finish: () => {
      last = next;
      goOn();
    },
    done: Promise.all(Array.from({ length: senders }, work)).then(() => undefined),
  };
}

/** What the last webhook of a load about an issue calls it. */
export function lastTitle(
  number: number,
  { webhooks, issues }: Pick<LoadOptions, 'webhooks' | 'issues'>,
): string {
  return titleOf(number, Math.floor((webhooks - number) / issues));
}

const titleOf = (number: number, edit: number) => `Issue ${number}, edit ${edit}`;

/** Each issue is opened once and then edited, a second later each time. */
export function nthWebhook(n: number, issues: number): Buffer {
  const edit = Math.floor(n / issues);
  const number = (n % issues) + 1;
  return issuePayload({
    number,
    title: titleOf(number, edit),
    action: edit === 0 ? 'opened' : 'edited',
    updatedAt: new Date(Date.UTC(2026, 2, 1, 12) + edit * 1000).toISOString().replace('.000', ''),
  });
}
