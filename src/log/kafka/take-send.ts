/** A shared send is cut here, so that a large record never takes its neighbours with it. */
export const sendBytes = 512 * 1024;

/**
 * Takes from the front what goes into one send: as many records as have room, or one that is larger than the room,
 * alone.
 */
export function takeSend<T extends { readonly bytes: number }>(due: T[], room = sendBytes): T[] {
  let bytes = 0;
  const over = due.findIndex((each) => {
    bytes += each.bytes;
    return bytes > room;
  });
  return due.splice(0, over === -1 ? due.length : Math.max(1, over));
}
