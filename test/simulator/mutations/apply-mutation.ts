import { registerHooks } from 'node:module';
import { mutations } from './mutations.ts';

/**
 * Takes a guard away from the source as it is loaded, so that the program needs no switch for it. To be called before
 * the program is imported.
 * @throws Error when the source no longer reads as the table says
 */
export function applyMutation(name: string): void {
  const mutation = mutations[name];
  if (!mutation)
    throw new Error(`there is no mutation ${name}; there are ${Object.keys(mutations).join(', ')}`);
  const target = new URL(`../../../src/${mutation.file}`, import.meta.url).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const source = String(loaded.source instanceof Uint8Array ? Buffer.from(loaded.source) : loaded.source);
      if (source.split(mutation.find).length !== 2) {
        throw new Error(`${mutation.file} does not read as the mutation ${name} says`);
      }
      return { ...loaded, source: source.replace(mutation.find, () => mutation.replace) };
    },
  });
}
