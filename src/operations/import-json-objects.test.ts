import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonObjectScanner, jsonObjects, MalformedJsonError } from './import-json-objects.ts';

const limit = 10_000;

function scan(chunks: readonly Uint8Array[]): unknown[] {
  const scanner = new JsonObjectScanner(limit);
  const found = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
  scanner.end();
  return found.map(({ bytes }) => JSON.parse(bytes.toString()));
}

/** The text in pieces cut at the given places. */
function cut(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const objects = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }));
const space = fc.constantFrom('', ' ', '\n', '\r\n\t');

describe('the objects of a stream', () => {
  it('are found wherever it is cut, in pages, lines and whatever lies between', () => {
    const pages = fc.array(fc.array(objects, { maxLength: 4 }), { maxLength: 4 });
    const places = fc.array(fc.nat(), { maxLength: 30 });
    const layout = fc.constantFrom('pages', 'lines', 'slurped');
    fc.assert(
      fc.property(pages, places, space, layout, fc.boolean(), (written, cuts, gap, how, pretty) => {
        const json = (value: unknown) => JSON.stringify(value, null, pretty ? 2 : 0);
        const text = {
          pages: () => written.map(json).join(gap),
          lines: () => written.flat().map(json).join(`\n${gap}`),
          slurped: () => json(written),
        }[how]();
        const plain = JSON.parse(JSON.stringify(written.flat()));
        expect(scan(cut(gap + text + gap, cuts))).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('come with the place where each begins', () => {
    const found = [...new JsonObjectScanner(limit).push(Buffer.from('\ufeff{"é":1}\n[{},\n {}]'))];
    expect(found.map(({ place }) => place)).toEqual([
      { offset: 3, line: 1 },
      { offset: 13, line: 2 },
      { offset: 18, line: 3 },
    ]);
  });

  it('keep their bytes when the next chunk comes in the same memory', () => {
    const memory = Buffer.from('{"a":');
    const scanner = new JsonObjectScanner(limit);
    expect([...scanner.push(memory)]).toEqual([]);
    memory.write('"b"} ');
    expect([...scanner.push(memory)].map(({ bytes }) => bytes.toString())).toEqual(['{"a":"b"}']);
  });

  it.each([
    ['null', 0, 'expected an object or an array of objects, found "n"'],
    ['{}\n"text"', 3, 'found """'],
    ['[{} {}]', 4, 'expected "," or "]", found "{"'],
    ['[{},]', 4, 'found "]"'],
    ['[,{}]', 1, 'found ","'],
    ['{},{}', 2, 'found ","'],
    [']', 0, 'found "]"'],
    ['[1]', 1, 'found "1"'],
    ['[{}', 3, 'ends within an array'],
    ['{} {"a":"}', 3, 'never ends'],
    ['\u0000', 0, 'found byte 0'],
    [`{"a":"${'x'.repeat(limit)}"}`, 0, 'over 10000 bytes'],
  ])('are refused in %j at byte %i', (text, offset, message) => {
    const refuse = () => scan([Buffer.from(text)]);
    expect(refuse).toThrow(MalformedJsonError);
    expect(refuse).toThrow(message);
    try {
      refuse();
    } catch (error) {
      expect((error as MalformedJsonError).place.offset).toBe(offset);
    }
  });

  it('hold no more in memory than one of them', async () => {
    const one = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(5_000) })},`);
    const last = Buffer.from(`${one.toString().slice(0, -1)}]`);
    async function* endless() {
      yield Buffer.from('[');
      for (let n = 0; n < 5_000; n++) yield one;
      yield last;
    }
    let count = 0;
    for await (const { bytes } of jsonObjects(endless(), limit)) {
      count += 1;
      expect(bytes.length).toBe(one.length - 1);
    }
    expect(count).toBe(5_001);
  });
});
