import { defineConfig } from 'vitest/config';

/**
 * Beside their units, yet too slow for every check: they kill processes, wait for leases and signals to end, or run a
 * whole conformance suite.
 */
const slow = [
  'src/**/crash.test.ts',
  'src/database/pglite/pglite*.test.ts',
  'src/log/embedded/embedded-log.property.test.ts',
  'src/services/classifier/poison.test.ts',
  'src/services/relay/relay.test.ts',
  'src/services/gateway/feed.test.ts',
  'bin/launcher/run.test.ts',
];

/** Seconds each, on an embedded database: side by side like the quick ones, and with `npm test` only. */
const thorough = [
  'src/services/classifier/{retry-failures,retry-failure.property,claim,pairing,lost-rows}.test.ts',
  'src/services/classifier/upgrade/*.test.ts',
  'src/operations/{seek-group,erase-issue,prune-events}.test.ts',
  'src/operations/{pair-log,follow-own-topics,move-installation}/*.test.ts',
  'src/cli/commands/move-installation.test.ts',
  'src/services/relay/{dead-letters,too-large,owe-again,publish-while-held}.test.ts',
  'src/database/{positions,intake-reads}.test.ts',
  'src/services/gateway/{consistency,security}.test.ts',
];

/** What needs a real Kafka and a real PostgreSQL. */
const served = '**/*.served.test.ts';
/** Starts both, for all tests of a project. */
const servers = 'test/servers/global-setup.ts';

/** What their subjects ask of a database has to work on an embedded and on a served one: they run on both. */
const onBothDatabases = [
  'src/operations/{describe-deliveries,delete-issue,count-missing,correct-classification}.test.ts',
  'src/operations/{obey-shared-ledger,prune-events,erase-issue}.test.ts',
  'src/operations/{seek-group,pair-log/settle-pairing,follow-own-topics/{follow-own-topics,own-topic-gone}}.test.ts',
  'src/services/classifier/pairing.test.ts',
  'src/services/classifier/{intake,intake-faults,take-in-batch,claim,retry-failures,poison,lost-rows}.test.ts',
  'src/services/classifier/upgrade/{offer-contents,claim-work,do-work,settle-failure,upgrades}.test.ts',
  'src/services/gateway/{consistency,feed,rest}.test.ts',
  'src/services/relay/{relay,dead-letters,too-large}.test.ts',
  'src/services/scheduler/scheduler.test.ts',
];

const patient = { testTimeout: 240_000, hookTimeout: 120_000 } as const;

/** They start servers and count seconds: side by side they would measure each other. */
const alone = { ...patient, fileParallelism: false } as const;

/** They share what a process loads, and run as many at a time as there are processors. */
const sideBySide = {
  isolate: false,
  // One less is the default: on two processors one after the other.
  maxWorkers: '100%',
  testTimeout: 20_000,
  // The first one on a machine makes the template of the scratch databases.
  hookTimeout: 60_000,
} as const;

/**
 * `quick` runs with every check, the others with `npm test`: `thorough`; `system`, which starts whole installations and
 * browsers; and on a real Kafka and a real PostgreSQL, `served`, the units, and `served-system`.
 */
export default defineConfig({
  test: {
    // A second is the default: little on a machine that does other things too. What holds is seen at once.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['{bin,src,web/src,training}/**/*.test.{ts,tsx}'],
          exclude: [...slow, ...thorough, served],
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: {
          name: 'thorough',
          include: thorough,
          exclude: [served],
          ...sideBySide,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts', ...slow],
          exclude: [served],
          sequence: { groupOrder: 1 },
          ...alone,
        },
      },
      {
        extends: true,
        test: {
          name: 'served',
          include: ['src/**/*.served.test.ts', ...onBothDatabases],
          globalSetup: servers,
          sequence: { groupOrder: 2 },
          ...sideBySide,
          ...patient,
        },
      },
      {
        extends: true,
        test: {
          name: 'served-system',
          include: ['test/**/*.served.test.ts', 'test/erasure.test.ts'],
          globalSetup: servers,
          sequence: { groupOrder: 3 },
          ...alone,
        },
      },
    ],
  },
});
