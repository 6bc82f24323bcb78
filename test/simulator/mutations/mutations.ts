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
  /** Whether every run has a language model then, or none; drawn when absent. */
  readonly remoteModel?: boolean;
  /** Where to begin: a seed that found it, or one shortly before. */
  readonly seed: number;
}

/** The key's lock is not here. It needs several sessions: the stress test takes it away, on a served PostgreSQL. */
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
    seed: 36,
  },
  'claim number': {
    edits: [
      {
        file: 'services/classifier/progress.ts',
        find: 'expected?.claim === position.claim && expected.offset === position.nextOffset',
        replace: 'expected?.offset === position.nextOffset',
      },
    ],
    faults: ['loss heard late', 'rebalance'],
    seed: 1,
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
    seed: 1,
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
    seed: 1,
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
    seed: 6,
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
    seed: 3,
  },
  "relay's re-read": {
    edits: [
      {
        file: 'operations/follow-own-topics/follow-own-topics.ts',
        find: 'if (place.offset >= end) return place;',
        replace: 'return { ...place, offset: Math.max(place.offset, end) };',
      },
    ],
    faults: ['append unacknowledged', 'crash', 'commit answer lost'],
    remoteModel: false,
    seed: 9,
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
    seed: 145,
  },
  'lease token': {
    edits: [
      {
        file: 'database/sent-records.ts',
        find: ' and token = ',
        replace: ' and 0.0 < ',
      },
      {
        file: 'database/leases.ts',
        find: ".where('token', '=', lease.token)\n    .forShare()",
        replace: '.forShare()',
      },
      {
        file: 'database/owed-states.ts',
        find: ' and token = ',
        replace: ' and 0 < ',
      },
    ],
    faults: ['freeze', 'append late'],
    seed: 121,
  },
  'stored place': {
    edits: [
      {
        file: 'database/sent-records.ts',
        find: 'where p.next_offset is null or p.next_offset < known."from"',
        replace: 'where false',
      },
      // Asked before a send, too.
      {
        file: 'database/owed-states.ts',
        find: 'where p.next_offset is distinct from known."offset" or p.topic_id is distinct from known."topicId"',
        replace: 'where false',
      },
    ],
    faults: ['database put back'],
    remoteModel: false,
    seed: 13,
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
    seed: 1,
  },
  'record before the position': {
    edits: [
      {
        file: 'services/classifier/compare-positions.ts',
        find: "return lastDelivery(deliveryOf(record), record.timestamp) === known ? 'fits' : 'another-record'",
        replace: "return 'fits'",
      },
    ],
    faults: ['raw log put back'],
    seed: 7,
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
    seed: 1,
  },
  'lease of a call': {
    edits: [
      {
        file: 'database/ai-calls.ts',
        find: 'where call.leased_until <= clock_timestamp()',
        replace: '',
      },
    ],
    faults: [],
    remoteModel: true,
    seed: 19,
  },
  'stored answers': {
    edits: [
      {
        file: 'database/ai-answers.ts',
        find: 'return new Map(rows.map(({ cacheKey, answer }) => [cacheKey, answer]));',
        replace: 'return new Map();',
      },
      {
        file: 'database/ai-claims.ts',
        find: 'exists (select from ai_answers where cache_key = task."cacheKey") as answered',
        replace: 'false as answered',
      },
    ],
    faults: [],
    remoteModel: true,
    seed: 4,
  },
  'content of an answer': {
    edits: [
      {
        file: 'services/classifier/upgrade/settle-answer.ts',
        find: 'issue?.contentHash === task.contentHash && !isCurrent',
        replace: 'issue !== null && !isCurrent',
      },
    ],
    faults: [],
    remoteModel: true,
    seed: 2,
  },
  'topic before the model': {
    edits: [
      {
        file: 'services/classifier/upgrade/upgrades.ts',
        find: 'if (!(await this.#knowsOwnTopic())) return new Set();',
        replace: '',
      },
    ],
    faults: ['database put back'],
    remoteModel: true,
    seed: 1,
  },
  "task's token": {
    edits: [
      {
        file: 'database/ai-tasks.ts',
        find: '\n       and token = ',
        replace: ' and 0 < ',
      },
    ],
    faults: [],
    remoteModel: true,
    seed: 1,
  },
};
