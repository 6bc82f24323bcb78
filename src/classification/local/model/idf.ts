/** An n-gram's inverse document frequency in one byte, steps of 1/20 from 1. */
export const quantiseIdf = (idf: number): number => Math.max(0, Math.min(255, Math.round((idf - 1) * 20)));
export const dequantiseIdf = (code: number): number => 1 + code / 20;
