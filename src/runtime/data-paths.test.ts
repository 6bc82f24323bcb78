import { expect, it } from 'vitest';
import { dataPaths } from './data-paths.ts';

it('puts the socket into the data directory', () => {
  expect(dataPaths('/srv/data').socket).toBe('/srv/data/control.sock');
});

it('names it by a hash elsewhere when the path is longer than the kernel takes', () => {
  const long = `/srv/${'é'.repeat(60)}`;
  const { socket } = dataPaths(long, '/tmp');
  expect(socket).toMatch(/^\/tmp\/dispatchai-[0-9a-f]{24}\.sock$/);
  expect(dataPaths(long, '/tmp').socket).toBe(socket);
  expect(dataPaths(`${long}2`, '/tmp').socket).not.toBe(socket);
});
