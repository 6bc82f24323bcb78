import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, zstdDecompress } from 'node:zlib';

const compressAside = promisify(zstdCompress);
const decompressAside = promisify(zstdDecompress);

/** Setting up the thread pool's compressor costs 1 ms, compressing 12 KB here 0.04 ms; a large one would block. */
const asideFrom = 512 * 1024;

/** A payload's untouched bytes as `events` stores them: zstd. */
export async function compressPayload(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length < asideFrom ? zstdCompressSync(bytes) : await compressAside(bytes);
}

/** The bytes as they came. Ingress bounds what was stored, so that this needs no bound of its own. */
export async function decompressPayload(stored: Uint8Array): Promise<Buffer> {
  return await decompressAside(stored);
}

/** As `decompressPayload`, for a reader that can do without: null when there are more bytes than that. */
export async function decompressSmallPayload(stored: Uint8Array, atMost: number): Promise<Buffer | null> {
  try {
    return await decompressAside(stored, { maxOutputLength: atMost });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw error;
  }
}
