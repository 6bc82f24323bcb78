import type { FaultName } from '../faults/faults.ts';

export interface Edit {
  /** Of `src/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** One guard taken away: the simulator has to notice. */
export interface Mutation {
  readonly edits: readonly Edit[];
  /** Faults that every run has then, so that it need not be looked for long. */
  readonly faults: readonly FaultName[];
}

/**
 * Three guards are not here. The key's lock needs several sessions: it is tried on a served PostgreSQL. Without the claim's
 * number, or without the lease's token, nothing goes wrong in some hundred runs: the position check catches what the one lets
 * through, and expected offset, stored place and re-reading what the other does. Their own suites ask for both.
 */
export const mutations: Readonly<Record<string, Mutation>> = {
  'position check': {
    edits: [
      {
        file: 'services/classifier/progress.ts',
        find: 'expected?.claim === position.claim && expected.offset === position.nextOffset',
        replace: 'expected?.claim === position.claim',
      },
    ],
    faults: ['database put back'],
  },
  'delivery key': {
    edits: [
      {
        file: 'services/classifier/take-in.ts',
        find: 'if (known.has(deliveryId)) return false;',
        replace: '',
      },
    ],
    faults: [],
  },
  'fold order': {
    edits: [
      {
        file: 'domain/fold-second.ts',
        find: 'const ordered = events.toSorted(compareEvents);',
        replace: 'const ordered = events.toReversed();',
      },
    ],
    faults: [],
  },
  'ledger check': {
    edits: [
      {
        file: 'domain/deletion-ledger.ts',
        find: 'if (entry === null || entry.lifted) return null;',
        replace: 'return null;',
      },
    ],
    faults: [],
  },
  'failed-event row': {
    edits: [
      {
        file: 'services/classifier/take-in.ts',
        find: '...(await failedRows(transaction, { effects, retries }, failures))',
        replace: '...((await failedRows(transaction, { effects, retries }, failures)).slice(0, 0))',
      },
    ],
    faults: [],
  },
  'relay reads its topics again': {
    edits: [
      {
        file: 'operations/follow-own-topics/follow-own-topics.ts',
        find: 'if (place.offset >= end) return place;',
        replace: 'return { ...place, offset: Math.max(place.offset, end) };',
      },
    ],
    faults: ['append unacknowledged', 'crash', 'commit answer lost'],
  },
  'expected offset': {
    edits: [
      {
        file: 'domain/relay-ends.ts',
        find: 'if (offset > expected) gaps.push({ topic, partition, from: expected, to: offset });\n    ends.set',
        replace: 'ends.set',
      },
    ],
    faults: ['freeze', 'append late', 'crash'],
  },
  'stored place': {
    edits: [
      {
        file: 'database/sent-records.ts',
        find: 'where p.next_offset is null or p.next_offset < known."from"',
        replace: 'where false',
      },
    ],
    faults: ['database put back'],
  },
  "version above the topic's": {
    edits: [
      {
        file: 'domain/version.ts',
        find: 'return Math.max(highest + 1, Math.floor(nowMs * 1000));',
        replace: 'return Math.max(highest + 1, 1);',
      },
    ],
    faults: ['issues deleted'],
  },
  'record before the position': {
    edits: [
      {
        file: 'services/classifier/compare-positions.ts',
        find: "return deliveryOf(record) === lastDelivery ? 'fits' : 'another-record'",
        replace: "return 'fits'",
      },
    ],
    faults: ['raw log put back'],
  },
  'following the own topics': {
    edits: [
      {
        file: 'operations/follow-own-topics/follow-own-topics.ts',
        find: 'for await (const records of log.read({ topic, partition, from, to: end })) {',
        replace: 'for (const records of [] as LogRecord[][]) {',
      },
    ],
    faults: ['database put back', 'database dropped'],
  },
};
