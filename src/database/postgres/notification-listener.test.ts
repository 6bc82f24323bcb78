import { expect, it } from 'vitest';
import { effects } from '../../effects/silent.fixture.ts';
import { NotificationListener } from './notification-listener.ts';
import type { PostgresSession } from './postgres-session.ts';

/** A session whose statements are answered when a test says so. */
class HeldSession {
  readonly asked: string[] = [];
  readonly #ended = new AbortController();
  readonly #answers: (() => void)[] = [];
  readonly gone = this.#ended.signal;
  query = (text: string) => {
    this.asked.push(text);
    return new Promise<void>((resolve) => this.#answers.push(resolve));
  };
  answer = () => this.#answers.shift()?.();
  onNotification = () => undefined;
  end = async () => undefined;
  abandon = (reason: unknown) => this.#ended.abort(reason);
}

it('a listener that comes while a new session begins to listen is heard by it', async () => {
  const sessions = [new HeldSession(), new HeldSession()] as const;
  let connected = 0;
  const connect = async () => sessions[connected++ === 0 ? 0 : 1] as unknown as PostgresSession;
  const listener = new NotificationListener({ connect, ...effects });
  const [first, second] = sessions;
  const begun = listener.listen('outbox', () => undefined);
  await expect.poll(() => first.asked).toEqual(['listen outbox']);
  first.answer();
  await expect.poll(() => first.asked).toEqual(['listen outbox', 'listen outbox']);
  first.answer();
  await begun;
  first.abandon(new Error('the server restarts'));
  await expect.poll(() => second.asked).toEqual(['listen outbox']);
  await listener.listen('failed', () => undefined);
  second.answer();
  await expect.poll(() => second.asked).toEqual(['listen outbox', 'listen failed']);
  second.answer();
  await listener.close();
});
