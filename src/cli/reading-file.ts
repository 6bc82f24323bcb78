import { Refusal } from '../runtime/refusal.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
};

/**
 * Does what reads the file that a command was given.
 * @throws Refusal with one line when it cannot be read; whatever else goes wrong, as it is
 */
export async function readingFile<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const reason = reasons[String(error.code)];
    // A read of a directory fails without a path.
    const about = 'path' in error && error.path !== undefined ? error.path : file;
    if (reason === undefined || about !== file) throw error;
    throw new Refusal(`${file} cannot be read: ${reason}`);
  }
}
