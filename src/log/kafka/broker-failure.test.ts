import { MultipleErrors, NetworkError, ResponseError } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { LogUnavailableError } from '../event-log.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';

const produce = 0;
const response = { responses: [] };
const refused = new ResponseError(
  produce,
  11,
  { '/responses/0': [10, null], '/responses/1': [19, null] },
  response,
);

describe('a failure of brokers', () => {
  it('comes down to the protocol’s errors, however deep they are', () => {
    const failure = new BrokerFailure(
      new MultipleErrors('Producing failed.', [new MultipleErrors('twice', [refused])]),
      true,
    );
    expect([...failure.ids]).toEqual(['MESSAGE_TOO_LARGE', 'NOT_ENOUGH_REPLICAS']);
    expect(failure.is('NOT_ENOUGH_REPLICAS')).toBe(true);
    expect(failure.is('NOT_LEADER_OR_FOLLOWER')).toBe(false);
    expect(failure.response).toBe(response);
    expect(failure.message).toMatch(/^MESSAGE_TOO_LARGE: .*; NOT_ENOUGH_REPLICAS: /);
  });

  it('has no answer to a request that did not go out', () => {
    expect(new BrokerFailure(refused, false).response).toBeUndefined();
  });

  it('names the cause of a broken connection', () => {
    const error = new NetworkError('Connection failed.', { cause: new Error('connect ECONNREFUSED') });
    const failure = new BrokerFailure(
      new MultipleErrors('Cannot connect to any broker.', [error, error]),
      false,
    );
    expect(failure).toMatchObject({ message: 'connect ECONNREFUSED', sent: false, response: undefined });
  });

  it('reaches callers of the log as its own error, once', () => {
    const unavailable = asUnavailable(new BrokerFailure(refused, true), 'it cannot be written');
    expect(unavailable).toBeInstanceOf(LogUnavailableError);
    expect(unavailable.message).toMatch(/^it cannot be written: MESSAGE_TOO_LARGE/);
    expect(asUnavailable(unavailable, 'more')).toBe(unavailable);
  });
});
