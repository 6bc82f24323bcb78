import { randomUUID } from 'node:crypto';

export const webhooks = 5_000;

/** Of each service; `npm run test:faults` wants more. */
export const killsOfEach = Number(process.env.KILLS_OF_EACH ?? 5);

/** Decides where the kills fall, in webhooks; what a process is doing then is up to it. */
export const seed = process.env.KILLS_SEED ?? randomUUID().slice(0, 8);
