import { PGlite } from '@electric-sql/pglite';

/** For one session and little memory: WASM memory never shrinks, so what it may use once it keeps. */
const settings: Readonly<Record<string, string>> = {
  shared_buffers: '16MB',
  wal_buffers: '1MB',
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  maintenance_work_mem: '16MB',
  max_connections: '5',
  // A batch of intake holds an advisory lock for each of up to 500 issues.
  max_locks_per_transaction: '1024',
  // ANALYZE stops the only session: a sample of 3,000 rows a table rather than 30,000.
  default_statistics_target: '10',
  jit: 'off',
  // What it complains of is passed on in errors, which have their own time.
  log_line_prefix: '',
};

/** Command-line parameters of the embedded server. They are given at each start, never stored in the directory. */
export function serverParameters(durable: boolean): string[] {
  const base = PGlite.defaultStartParams.filter((parameter) => !(durable && parameter === '-F'));
  const all = durable ? { ...settings, wal_sync_method: 'fsync' } : settings;
  return [...base, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
