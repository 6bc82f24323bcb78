/** ISO 8601 in whole seconds, as GitHub writes it. */
export const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
