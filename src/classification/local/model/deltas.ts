/** Ascending numbers as their differences, seven bits a byte, the high bit says that more follow (LEB128). */
export function writeDeltas(ascending: Uint32Array): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const number of ascending) {
    let rest = number - last;
    last = number;
    while (rest > 127) {
      bytes.push((rest & 127) | 128);
      rest >>>= 7;
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

export function readDeltas(bytes: Uint8Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let at = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    let shift = 0;
    let byte = 128;
    while (byte & 128) {
      byte = bytes[at++] ?? 0;
      last += (byte & 127) << shift;
      shift += 7;
    }
    numbers[i] = last;
  }
  return numbers;
}
