import { characterClass, classOf } from './characters.ts';

/** A frame of a stack trace, as JavaScript, Java, .NET, Python, Go, Rust and gdb write them. */
export function isStackFrame(text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(from);
  if (first === 97) return text.startsWith('at ', from) && hasCallOrLine(text, from + 3, to, false);
  if (first === 70) return text.startsWith('File "', from) && hasCallOrLine(text, from, to, true);
  if (first === 35)
    return classOf(text.charCodeAt(from + 1)) === characterClass.digit && hasAddress(text, from, to);
  return first === 103 && text.startsWith('goroutine ', from);
}

/** The line that a trace begins with. */
export function isErrorLine(text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(from);
  if (first === 84) return text.startsWith('Traceback', from) || text.startsWith('TypeError', from);
  if (first === 67) return text.startsWith('Caused by', from);
  if (first === 112) return text.startsWith('panic:', from);
  const colon = indexOfWithin(text, 58, from, Math.min(to, from + 60));
  return (
    colon > 5 && (endsWithWord(text, from, colon, 'error') || endsWithWord(text, from, colon, 'exception'))
  );
}

function hasCallOrLine(text: string, from: number, to: number, python: boolean): boolean {
  const end = Math.min(to, from + 300);
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 || (python && code === 44)) return true;
    if (code === 58 && classOf(text.charCodeAt(at + 1)) === characterClass.digit) return true;
  }
  return false;
}

function hasAddress(text: string, from: number, to: number): boolean {
  const end = Math.min(to, from + 12);
  for (let at = from; at < end; at++)
    if (text.charCodeAt(at) === 48 && text.charCodeAt(at + 1) === 120) return true;
  return false;
}

function indexOfWithin(text: string, wanted: number, from: number, to: number): number {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === wanted) return at;
  return -1;
}

function endsWithWord(text: string, from: number, to: number, word: string): boolean {
  if (to - from < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if ((text.charCodeAt(to - word.length + i) | 32) !== word.charCodeAt(i)) return false;
  }
  return true;
}
