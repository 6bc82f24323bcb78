import { describe, expect, it } from 'vitest';
import { clientOptions } from './connection.ts';

const timeouts = { connect: 1, request: 2 };

describe('the client’s options', () => {
  it('never repeat a request', () => {
    const options = clientOptions({ bootstrapServers: ['a:1', 'b:2'] }, 'me', timeouts);
    expect(options).toMatchObject({
      bootstrapBrokers: ['a:1', 'b:2'],
      retries: 0,
      connectTimeout: 1,
      requestTimeout: 2,
    });
    expect(options).not.toHaveProperty('tls');
    expect(options).not.toHaveProperty('sasl');
  });

  it('send each broker’s name where hosts are named, and never an address', () => {
    const tls = (...bootstrapServers: string[]) =>
      clientOptions({ bootstrapServers, tls: {} }, 'me', timeouts).tlsServerName;
    expect(tls('kafka.example.org:9093')).toBe(true);
    expect(tls('127.0.0.1:9093')).toBeUndefined();
    expect(tls('[::1]:9093')).toBeUndefined();
    const named = { bootstrapServers: ['127.0.0.1:9093'], tls: { servername: 'kafka', ca: 'PEM' } };
    expect(clientOptions(named, 'me', timeouts)).toMatchObject({
      tlsServerName: 'kafka',
      tls: { ca: 'PEM' },
    });
  });
});
