/**
 * Prepares items while the ones before them are worked on: up to `depth` are under way at once, and they come out
 * in order. An error of the source or of a preparation comes out in its place. `release` must make a waiting source
 * end: it is called before the source is closed, since a generator that waits cannot be closed.
 */
export async function* ahead<In, Out>(
  source: AsyncIterable<In>,
  depth: number,
  prepare: (item: In) => Promise<Out>,
  release: () => void,
): AsyncGenerator<Out> {
  const iterator = source[Symbol.asyncIterator]();
  const waiting: Promise<{ readonly done: true } | { readonly done: false; readonly value: Out }>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const pull = () => {
    const next = before.then(async () => {
      const item = await iterator.next();
      return item.done ? null : { item: item.value };
    });
    before = next;
    const prepared = next.then(async (got) =>
      got === null ? ({ done: true } as const) : ({ done: false, value: await prepare(got.item) } as const),
    );
    // The consumer meets the rejection when it gets there; until then it is not an unhandled one.
    prepared.catch(() => undefined);
    waiting.push(prepared);
  };
  try {
    while (waiting.length < depth) pull();
    for (;;) {
      const result = await waiting.shift();
      if (!result || result.done) return;
      pull();
      yield result.value;
    }
  } finally {
    release();
    await iterator.return?.();
  }
}
