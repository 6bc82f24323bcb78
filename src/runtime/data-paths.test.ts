import { expect, it } from 'vitest';
import { mainGroupId } from './branch.ts';
import { dataPaths } from './data-paths.ts';

const socketOf = (dataDirectory: string, groupId = mainGroupId) =>
  dataPaths({ dataDirectory, groupId }, '/tmp').socket;

it('puts the socket into the data directory', () => {
  expect(socketOf('/srv/data')).toBe('/srv/data/control.sock');
  expect(socketOf('/srv/data', 'feature-x')).toBe('/srv/data/feature-x.sock');
});

it('names it by a hash elsewhere when the path is longer than the kernel takes', () => {
  const long = `/srv/${'é'.repeat(60)}`;
  const socket = socketOf(long);
  expect(socket).toMatch(/^\/tmp\/dispatchai-[0-9a-f]{24}\.sock$/);
  expect(socketOf(long)).toBe(socket);
  expect(socketOf(`${long}2`)).not.toBe(socket);
});
