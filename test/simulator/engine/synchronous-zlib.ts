import { syncBuiltinESMExports } from 'node:module';
import zlib, { type InputType, type ZstdOptions } from 'node:zlib';

// To be imported before the program: what zlib does in a thread takes a time that no seed knows, so it is done here and
// now, and answered in a microtask.

type Callback = (error: Error | null, result: Buffer) => void;

const synchronously =
  (work: (input: InputType, options?: ZstdOptions) => Buffer) =>
  (input: InputType, ...rest: [Callback] | [ZstdOptions, Callback]): void => {
    const [options, callback] = rest.length === 1 ? [undefined, rest[0]] : rest;
    queueMicrotask(() => {
      try {
        callback(null, work(input, options));
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), Buffer.alloc(0));
      }
    });
  };

Object.assign(zlib, {
  zstdCompress: synchronously(zlib.zstdCompressSync),
  zstdDecompress: synchronously(zlib.zstdDecompressSync),
});
syncBuiltinESMExports();
