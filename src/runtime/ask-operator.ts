import { createInterface } from 'node:readline/promises';
import type { MismatchChoice } from '../domain/pairing.ts';
import type { PairingQuestion } from '../domain/pairing-report.ts';

type Terminal = Pick<typeof process.stderr, 'isTTY' | 'write'> & NodeJS.WritableStream;

/** Asks whoever sits at the terminal; null where nobody does. What is no answer halts. */
export function askOperator(
  input: typeof process.stdin,
  output: Terminal,
): ((question: PairingQuestion) => Promise<MismatchChoice>) | null {
  if (!input.isTTY || !output.isTTY) return null;
  return async ({ reason, choices }) => {
    const lines = choices.map(({ choice, effect }) => `  ${choice}: ${effect}`);
    const terminal = createInterface({ input, output });
    try {
      const text = await terminal.question(
        `\n${reason}\n${lines.join('\n')}\nWhat is to be done (${choices.map(({ choice }) => choice).join(', ')})? `,
      );
      return choices.find(({ choice }) => choice === text.trim())?.choice ?? 'halt';
    } finally {
      terminal.close();
    }
  };
}
