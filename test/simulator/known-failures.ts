/**
 * Seeds that fail today, each for a reason that is known to be one of the program or of its protocol and is not mended yet.
 * `npm test` runs without them. A seed means another schedule as soon as the program changes: then this list has to be found anew.
 */
export const knownFailures: ReadonlyMap<number, string> = new Map([
  [540, 'beside a database that was put back a browser goes on showing older versions'],
  [638, 'as 1007'],
  [
    1007,
    'in a log that was put back, a redelivery of the last delivery lands on its old offset: the position seems to fit',
  ],
  [1388, 'after a dropped database the relay waits for a pairing for ever, while intake goes on'],
]);
