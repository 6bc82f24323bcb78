import type { FieldName } from '../../../src/contracts/classification.ts';
import type { Change } from '../issue/correction.ts';

export interface Picker {
  readonly key: string;
  readonly field: FieldName;
  readonly place: 'row' | 'page';
}

/** The last thing a person did here, with what takes it back. */
export interface LastChange {
  readonly key: string;
  readonly sentence: string;
  readonly undo: Change | null;
  readonly failed: boolean;
}

export interface Interaction {
  /** The selected row's key. */
  readonly selected: string | null;
  readonly picker: Picker | null;
  readonly last: LastChange | null;
  readonly overlay: 'palette' | 'keys' | null;
}

/** What the person at this page is doing: selection, open menu, last change. None of it outlives the page. */
export class InteractionStore {
  readonly #listeners = new Set<() => void>();
  #state: Interaction = { selected: null, picker: null, last: null, overlay: null };

  state = (): Interaction => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(part: Partial<Interaction>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}
