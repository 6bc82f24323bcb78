/**
 * What can go wrong, each with its own chance of being part of a run, so that runs with few faults exist too. A fault
 * whose remedy the program does not have yet is not enabled.
 */
export interface Fault {
  /** Chance that a run has it at all. */
  readonly chance: number;
  /** At a call: the probability of each. Of the world: how often at most in a run. */
  readonly most: number;
  readonly at: 'call' | 'world';
  readonly enabled: boolean;
}

const atCall = (chance: number, most: number, enabled = true): Fault => ({
  chance,
  most,
  at: 'call',
  enabled,
});
const ofWorld = (chance: number, most: number, enabled = true): Fault => ({
  chance,
  most,
  at: 'world',
  enabled,
});

export const faults = {
  // On the way to the broker and back.
  'append refused': atCall(0.3, 0.1),
  'append unacknowledged': atCall(0.3, 0.1),
  'append partial': atCall(0.15, 0.1),
  'append twice': atCall(0.15, 0.05),
  'append late': atCall(0.25, 0.15),
  'log read fails': atCall(0.25, 0.03),
  'loss heard late': atCall(0.3, 0.8),
  // On the way to the database and back.
  'statement fails before': atCall(0.3, 0.02),
  'statement fails after': atCall(0.3, 0.02),
  'commit fails before': atCall(0.3, 0.1),
  'commit answer lost': atCall(0.3, 0.1),
  'notification lost': atCall(0.2, 0.3),
  'model fails': atCall(0.25, 0.1),
  // Of processes.
  crash: ofWorld(0.6, 4),
  freeze: ofWorld(0.5, 3),
  restart: ofWorld(0.3, 2),
  rebalance: ofWorld(0.4, 4),
  'browser disconnected': ofWorld(0.4, 4),
  // Of the stores.
  'log away': ofWorld(0.25, 1),
  'database away': ofWorld(0.25, 1),
  'connections reset': ofWorld(0.3, 2),
  'positions set back': ofWorld(0.35, 2),
  'positions deleted': ofWorld(0.2, 1),
  'offsets moved': ofWorld(0.3, 2),
  'issues deleted': ofWorld(0.25, 1),
  'retention passes': ofWorld(0.3, 2),
  compaction: ofWorld(0.4, 3),
  'raw topic recreated': ofWorld(0.15, 1),
  'raw log put back': ofWorld(0.15, 1),
  'own topic recreated': ofWorld(0.2, 1),
  'database put back': ofWorld(0.15, 1),
  'database dropped': ofWorld(0.1, 1),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as readonly FaultName[];
