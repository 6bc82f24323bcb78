import { expect, it } from 'vitest';
import type { Readiness, Service } from '../services/service.ts';
import { HandClock, keepingEffects, turn } from './runtime.fixture.ts';
import { Supervisor } from './supervisor.ts';

function service(name: Service['name'], stopped: string[]) {
  let readiness: Readiness = { ready: true };
  return {
    name,
    readiness: () => readiness,
    stop: async () => void stopped.push(name),
    become: (next: Readiness) => {
      readiness = next;
    },
  };
}

function given() {
  const { effects } = keepingEffects(new HandClock());
  return new Supervisor(effects, ['ingress', 'relay']);
}

it('is ready only when everything is started and says that it is ready', async () => {
  const supervisor = given();
  const relay = service('relay', []);
  expect(supervisor.health()).toEqual({
    status: 'starting',
    services: { ingress: { ready: false, reason: 'starting' }, relay: { ready: false, reason: 'starting' } },
  });
  await supervisor.start('relay', async () => relay);
  await supervisor.start('ingress', async () => service('ingress', []));
  supervisor.started();
  expect(supervisor.health().status).toBe('ready');
  relay.become({ ready: false, reason: 'the log is away' });
  expect(supervisor.health()).toMatchObject({
    status: 'unhealthy',
    services: { relay: { ready: false, reason: 'the log is away' } },
  });
});

it('stops in the opposite order, also after a start that failed', async () => {
  const supervisor = given();
  const stopped: string[] = [];
  await supervisor.open(
    'log',
    async () => 'log',
    () => void stopped.push('log'),
  );
  await supervisor.start('relay', async () => service('relay', stopped));
  await expect(supervisor.start('ingress', () => Promise.reject(new Error('port in use')))).rejects.toThrow(
    'port',
  );
  await supervisor.stop(5_000);
  expect(stopped).toEqual(['relay', 'log']);
  expect(supervisor.health().status).toBe('stopping');
});

it('closes what is opened only after everything was asked to stop', async () => {
  const supervisor = given();
  const closed: string[] = [];
  let finish = (_value: string): void => undefined;
  const opening = supervisor.open(
    'database',
    () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      }),
    (name) => void closed.push(name),
  );
  await supervisor.stop(5_000);
  finish('database');
  await expect(opening).rejects.toThrow('while everything stops');
  await turn();
  expect(closed).toEqual(['database']);
});

it('says what a start waits for, until it has it', () => {
  const supervisor = given();
  const reason = () => supervisor.health().services.relay?.reason;
  supervisor.waitsFor('database', 'the database cannot be reached');
  expect(reason()).toBe('starting: the database cannot be reached');
  supervisor.waitsFor('database', null);
  expect(reason()).toBe('starting');
});
