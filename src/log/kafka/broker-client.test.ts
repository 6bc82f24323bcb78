import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BrokerClient } from './broker-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that takes connections and never says anything; `heard` counts the bytes that came. */
async function silentServer() {
  let heard = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, heard: () => heard };
}

const clientOf = ({ host, port }: { readonly host: string; readonly port: number }) =>
  new BrokerClient({ bootstrapServers: [`${host}:${port}`] }, 'test', { connect: 500, request: 5_000 });

describe('a client of brokers', () => {
  it('rejects what waits when its connections are cut, and does not send it later', async () => {
    const broker = await silentServer();
    const client = clientOf(broker);
    const asked = client.call('Metadata', broker, ['topic'], false, false);
    const cut = expect(asked).rejects.toMatchObject({ name: 'BrokerFailure', sent: false });
    await expect.poll(broker.heard).toBeGreaterThan(0);
    const negotiation = broker.heard();
    client.reset();
    await cut;
    expect(broker.heard()).toBe(negotiation);
    client.close();
  });

  it('outlives a broker that resets the connection in the middle of a handshake', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new BrokerClient(
      {
        bootstrapServers: [`127.0.0.1:${port}`],
        sasl: { mechanism: 'PLAIN', username: 'user', password: 'password' },
      },
      'test',
      { connect: 500, request: 500 },
    );
    await expect(client.call('Metadata', 'any', [], false, false)).rejects.toMatchObject({ sent: false });
    client.close();
    server.close();
    await once(server, 'close');
  });

  it('says that nothing was sent where nobody listens', async () => {
    const broker = await silentServer();
    servers.pop()?.close();
    const client = clientOf(broker);
    const asked = client.call('Heartbeat', broker, 'group', 1, 'member', null);
    await expect(asked).rejects.toMatchObject({
      sent: false,
      message: expect.stringContaining('ECONNREFUSED'),
    });
    client.close();
    await expect(client.call('Heartbeat', broker, 'group', 1, 'member', null)).rejects.toMatchObject({
      sent: false,
    });
  });
});
