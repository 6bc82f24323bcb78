/** A line of the table. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly limit?: string;
  readonly ratio?: string;
  readonly target?: string;
}

export interface Measured {
  /** For the results file, unrounded. */
  readonly figures: unknown;
  readonly rows: readonly Row[];
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const percent = (value: number): string => `${Math.round(value * 100)} %`;
