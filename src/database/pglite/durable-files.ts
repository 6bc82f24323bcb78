import { fdatasyncSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Initialise = Parameters<NodeFS['init']>;

interface OpenFile {
  readonly nfd: number;
}

interface NodeFileSystem {
  readonly stream_ops: { fsync?: (file: OpenFile) => number };
}

/**
 * PGlite's Node file system, with the fsync that it lacks: Emscripten's `fd_sync` calls `stream_ops.fsync` when
 * there is one and else does nothing. With it PostgreSQL syncs WAL and pages itself, in its own order: at commit,
 * before a page that the WAL describes, at a checkpoint. (Emscripten's `fdatasync` never reaches the file system,
 * hence `wal_sync_method=fsync`.)
 */
export class DurableFiles extends NodeFS {
  readonly #fail: (error: unknown) => never;

  /**
   * @param fail Ends PostgreSQL: nothing written since the last good sync can be trusted to be on disk, and PGlite
   *   would never come back from the PANIC that an error number causes.
   */
  constructor(directory: string, fail: (error: unknown) => never) {
    super(directory);
    this.#fail = fail;
  }

  override async init(...parameters: Initialise) {
    const { emscriptenOpts } = await super.init(...parameters);
    const addSync: NonNullable<typeof emscriptenOpts.preRun>[number] = (module) => {
      const files = module.FS.filesystems.NODEFS as unknown as NodeFileSystem;
      files.stream_ops.fsync = (file) => {
        try {
          fdatasyncSync(file.nfd);
          return 0;
        } catch (error) {
          return this.#fail(error);
        }
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addSync] } };
  }
}
