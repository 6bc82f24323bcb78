/** What a range of an own topic holds of one key, in versions. */
export interface Seen {
  readonly topic: string;
  readonly key: string;
  /** Version of the last record: what compaction will leave. 0 when it cannot be read. */
  readonly last: number;
  /** The highest version in the range: what some reader may already have acted on. */
  readonly highest: number;
}

export class SeenRecords {
  readonly #byKey = new Map<string, Seen>();

  get size(): number {
    return this.#byKey.size;
  }

  /** Takes in one record; records of a key come in the order of their offsets. */
  add(topic: string, key: string, value: Uint8Array | null): void {
    const version = versionOf(value);
    const name = `${topic}\n${key}`;
    const highest = Math.max(version, this.#byKey.get(name)?.highest ?? 0);
    this.#byKey.set(name, { topic, key, last: version, highest });
  }

  values(): readonly Seen[] {
    return [...this.#byKey.values()];
  }
}

function versionOf(value: Uint8Array | null): number {
  if (value === null) return 0;
  try {
    const record: unknown = JSON.parse(
      Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(),
    );
    const version = record !== null && typeof record === 'object' && 'version' in record ? record.version : 0;
    return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 0;
  } catch (error) {
    // Not JSON: somebody else's record. It is older than everything, so the key is owed again.
    if (error instanceof SyntaxError) return 0;
    throw error;
  }
}
