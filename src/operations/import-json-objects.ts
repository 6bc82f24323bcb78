/** A JSON object of a stream, as its untouched bytes, and where it began. */
export interface JsonObject {
  readonly bytes: Buffer;
  readonly place: Place;
}

/** `offset` is in bytes from 0 on, `line` from 1 on. */
export interface Place {
  readonly offset: number;
  readonly line: number;
}

export class MalformedJsonError extends Error {
  override readonly name = 'MalformedJsonError';
  readonly place: Place;
  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const comma = code(',');
const newline = code('\n');
const openArray = code('[');
const closeArray = code(']');
const openObject = code('{');
const closeObject = code('}');
const spaces = new Set([' ', '\t', '\r', '\n'].map(code));
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** What may stand where the scan is, outside of every object. */
type Expected = 'value' | 'first' | 'separator';

/**
 * Cuts a stream of bytes into its outermost JSON objects. Arrays around them, nested or one after the other, are
 * passed through: `gh api --paginate` writes its pages as `[…][…]` or merged into one array of any length, with
 * `--slurp` as an array of arrays, and lines of objects are a stream of values too. So memory is bounded by the
 * largest object. What is inside an object is not checked beyond its brackets: parsing it does that.
 */
export class JsonObjectScanner {
  readonly #maxBytes: number;
  #offset = 0;
  #line = 1;
  #arrays = 0;
  #expected: Expected = 'value';
  /** Nesting within the current object; 0 outside. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #size = 0;
  #begin: Place = { offset: 0, line: 1 };

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get place(): Place {
    return { offset: this.#offset, line: this.#line };
  }

  /** @throws MalformedJsonError */
  *push(chunk: Uint8Array): Generator<JsonObject> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (this.#depth > 0) {
        if (this.#inside(byte)) {
          this.#keep(bytes.subarray(from, at + 1));
          yield { bytes: Buffer.concat(this.#parts, this.#size), place: this.#begin };
          this.#parts = [];
          this.#size = 0;
        }
      } else if (byte === openObject) {
        this.#beginObject();
        from = at;
      } else this.#outside(byte);
      this.#offset += 1;
      if (byte === newline) this.#line += 1;
    }
    // A copy: whoever reads a stream may get the next chunk in the same memory.
    if (this.#depth > 0) this.#keep(Buffer.from(bytes.subarray(from)));
  }

  /** @throws MalformedJsonError when the stream ended within a value */
  end(): void {
    if (this.#depth > 0) throw new MalformedJsonError(this.#begin, 'the object that begins here never ends');
    if (this.#arrays > 0) throw new MalformedJsonError(this.place, 'the input ends within an array');
  }

  #beginObject(): void {
    if (this.#expected === 'separator') throw this.#unexpected(openObject);
    this.#begin = this.place;
    this.#depth = 1;
  }

  /** Whether the byte ends the object. */
  #inside(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inString = false;
    } else if (byte === quote) this.#inString = true;
    else if (byte === openObject || byte === openArray) this.#depth += 1;
    else if (byte === closeObject || byte === closeArray) this.#depth -= 1;
    if (this.#depth > 0) return false;
    this.#expected = this.#arrays > 0 ? 'separator' : 'value';
    return true;
  }

  #outside(byte: number): void {
    if (spaces.has(byte)) return;
    if (this.#offset < 3 && byte === byteOrderMark[this.#offset]) return;
    if (byte === openArray && this.#expected !== 'separator') {
      this.#arrays += 1;
      this.#expected = 'first';
    } else if (byte === comma && this.#expected === 'separator') {
      this.#expected = 'value';
    } else if (byte === closeArray && this.#arrays > 0 && this.#expected !== 'value') {
      this.#arrays -= 1;
      this.#expected = this.#arrays > 0 ? 'separator' : 'value';
    } else throw this.#unexpected(byte);
  }

  #unexpected(byte: number): MalformedJsonError {
    const found = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
    const wanted = this.#expected === 'separator' ? '"," or "]"' : 'an object or an array of objects';
    return new MalformedJsonError(this.place, `expected ${wanted}, found ${found}`);
  }

  #keep(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > this.#maxBytes) {
      throw new MalformedJsonError(
        this.#begin,
        `the object that begins here is over ${this.#maxBytes} bytes`,
      );
    }
  }
}

/** @throws MalformedJsonError */
export async function* jsonObjects(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<JsonObject> {
  const scanner = new JsonObjectScanner(maxBytes);
  for await (const chunk of input) yield* scanner.push(chunk);
  scanner.end();
}
