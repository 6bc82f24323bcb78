import { registerHooks } from 'node:module';
import { type Edit, mutations } from './mutations.ts';

/** Ends the address of a module that no mutation touches. */
export const wholeCopy = '?whole';

/**
 * Takes a guard away from the source as it is loaded, so that the program needs no switch for it. To be called before
 * the program is imported.
 * @throws Error when the source no longer reads as the table says
 */
export function applyMutation(name: string): void {
  const mutation = mutations[name];
  if (!mutation)
    throw new Error(`there is no mutation ${name}; there are ${Object.keys(mutations).join(', ')}`);
  const targets = Map.groupBy(
    mutation.edits,
    ({ file }) => new URL(`../../../src/${file}`, import.meta.url).href,
  );
  registerHooks({
    // What the checks fold with stays whole, and so does what it imports.
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const whole = context.parentURL?.endsWith(wholeCopy) && specifier.startsWith('.');
      return whole ? { ...resolved, url: `${resolved.url}${wholeCopy}` } : resolved;
    },
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const edits = targets.get(url);
      if (!edits) return loaded;
      const source = loaded.source instanceof Uint8Array ? Buffer.from(loaded.source) : loaded.source;
      return { ...loaded, source: edits.reduce(applyEdit, String(source)) };
    },
  });
}

function applyEdit(source: string, { file, find, replace }: Edit): string {
  if (source.split(find).length !== 2) throw new Error(`${file} does not read as the mutation says: ${find}`);
  return source.replace(find, () => replace);
}
