import type { Evidence } from '../../../contracts/classification.ts';
import type { CueName } from './cue-words.ts';
import type { Cue } from './cues.ts';
import type { Reading } from './reading.ts';

/** A field's value with why, as the contract has it. */
export interface Verdict<T> {
  value: T;
  confidence: number;
  reason: string;
  evidence: Evidence[];
}

/** One line of a rule: where a cue stands, this is the value. Strength is for the title; the body is believed less. */
export interface CueRule<T> {
  readonly cue: CueName;
  readonly value: T;
  readonly strength: number;
  /** Follows the quoted words: `"crash" in the title: <why>`. */
  readonly why: string;
}

const bodyShare = 0.8;

/** The first rule whose cue stands in the issue. */
export function firstVerdict<T>(reading: Reading, rules: readonly CueRule<T>[]): Verdict<T> | undefined {
  for (const rule of rules) {
    const cue = reading.cues.first(rule.cue);
    if (cue !== undefined) return verdictOf(rule, cue);
  }
  return undefined;
}

function verdictOf<T>(rule: CueRule<T>, cue: Cue): Verdict<T> {
  const strength = cue.inTitle ? rule.strength : rule.strength * bodyShare;
  return {
    value: rule.value,
    confidence: Math.round(strength * 100) / 100,
    reason: `"${cue.text}" in the ${cue.inTitle ? 'title' : 'text'}: ${rule.why}.`,
    evidence: [{ text: cue.text, weight: 1 }],
  };
}

/** What holds when nothing in the issue says otherwise. */
export const assume = <T>(value: T, confidence: number, reason: string): Verdict<T> => ({
  value,
  confidence,
  reason,
  evidence: [],
});
