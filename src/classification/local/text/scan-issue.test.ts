import { expect, test } from 'vitest';
import { hashWord } from './fnv.ts';
import { createScan, type Scan, zone, zoneMask } from './scan.ts';
import { scanIssue } from './scan-issue.ts';
import { placeholder } from './scan-line.ts';
import { signal } from './signals.ts';

function read(title: string, body = ''): Scan {
  const scan = createScan();
  scanIssue(scan, title, body);
  return scan;
}

const tokens = (scan: Scan, where: number) =>
  Array.from({ length: scan.count }, (_, at) => at)
    .filter((at) => (scan.place[at]! & zoneMask) === where)
    .map((at) => scan.text.slice(scan.start[at], scan.end[at]));

test('words, lower-cased, apostrophes left out', () => {
  const scan = read("It Doesn't work");
  expect(tokens(scan, zone.title)).toEqual(['It', "Doesn't", 'work']);
  expect([...scan.hash.subarray(0, 3)]).toEqual(['it', 'doesnt', 'work'].map(hashWord));
});

test('addresses, versions, hashes, numbers and paths lose their letters', () => {
  const scan = read('https://a.example/b 1.2.3 v2.0 deadbeef12 42 src/cli/main.ts and/or @someone #12');
  expect([...scan.hash.subarray(0, scan.count)]).toEqual([
    placeholder.url,
    placeholder.version,
    placeholder.version,
    placeholder.hash,
    placeholder.number,
    placeholder.path,
    hashWord('and'),
    hashWord('or'),
    placeholder.mention,
    placeholder.reference,
  ]);
});

test('blocks of Markdown', () => {
  const scan = read(
    't',
    '## Steps\n1. Open it\n- item\n- [x] done\n- [ ] open\n> said\n**Actual behaviour:**\n_No response_\n```js\nlet a\n```\n<!-- hidden\nwords -->\n| a | b |\nlast?',
  );
  expect(tokens(scan, zone.heading)).toEqual(['Steps', 'Actual', 'behaviour']);
  expect(tokens(scan, zone.prose)).toEqual(['Open', 'it', 'item', 'a', 'b', 'last']);
  expect(tokens(scan, zone.checkbox)).toEqual(['done', 'open']);
  expect(tokens(scan, zone.quote)).toEqual(['said']);
  expect(tokens(scan, zone.code)).toEqual(['let', 'a']);
  expect(scan.signals[signal.emptyAnswers]).toBe(1);
  expect(scan.signals[signal.comments]).toBe(1);
  expect(scan.signals[signal.checkedBoxes]).toBe(1);
  expect(scan.signals[signal.questionMarks]).toBe(1);
});

test.each([
  ['JavaScript', '    at f (a.js:1:2)'],
  ['Python', '  File "/a/b.py", line 3, in f'],
  ['gdb', '#1 0x00007f in main ()'],
])('a stack frame of %s', (_, line) => {
  expect(read('t', line).signals[signal.stackFrames]).toBe(1);
});

test('other alphabets', () => {
  expect(tokens(read('Ошибка при запуске'), zone.title)).toHaveLength(3);
  expect(tokens(read('画面が白い'), zone.title)).toHaveLength(5);
});

test('reading twice gives the same', () => {
  const scan = createScan();
  scanIssue(scan, 'A long title with many words', 'and a body');
  scanIssue(scan, 'Short', '');
  const fresh = read('Short');
  expect(scan.count).toBe(fresh.count);
  expect([...scan.signals]).toEqual([...fresh.signals]);
});
