import type { ImportTarget } from '../operations/import-issues.ts';
import { openConfigured } from './with-installation.ts';

/** An import waits for the classifier to keep up, so without a running server this process brings its own. */
export async function connectImport(): Promise<ImportTarget> {
  return await openConfigured(['classifier', 'relay']);
}
