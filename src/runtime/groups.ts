import type { Config } from './config.ts';

/** The group whose positions and lag everything is about. */
export const classifierGroup = ({ groupId }: Pick<Config, 'groupId'>): string => `${groupId}-classifier`;
