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

/** What needs a real Kafka and a real PostgreSQL. */
const served = '**/*.served.test.ts';

/** What their subjects ask of a database has to work on an embedded and on a served one: they run on both. */
const onBothDatabases = [
  'src/operations/{describe-deliveries,delete-issue,count-missing,correct-classification}.test.ts',
  'src/operations/{obey-shared-ledger,prune-events,erase-issue}.test.ts',
  'test/erasure.test.ts',
  'src/operations/{seek-group,pair-log/settle-pairing,follow-own-topics/follow-own-topics}.test.ts',
  'src/services/classifier/pairing.test.ts',
  'src/services/classifier/{intake,intake-faults,take-in-batch,claim,retry-failures,poison,lost-rows}.test.ts',
  'src/services/classifier/upgrade/{offer-contents,claim-work,do-work,settle-failure,upgrades}.test.ts',
  'src/services/gateway/{consistency,feed,rest}.test.ts',
  'src/services/relay/{relay,dead-letters,too-large}.test.ts',
  'src/services/scheduler/scheduler.test.ts',
];

/** They start servers and count seconds: side by side they would measure each other. */
const alone = { testTimeout: 240_000, hookTimeout: 120_000, fileParallelism: false } as const;

/** `quick` runs with every check; `system` and `served` start servers and browsers and belong to `npm test`. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['{bin,src,web/src,training}/**/*.test.{ts,tsx}'],
          exclude: [...slow, served],
          isolate: false,
          testTimeout: 10_000,
          // The first one on a machine makes the template of the scratch databases.
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts', ...slow],
          exclude: [served],
          ...alone,
        },
      },
      {
        extends: true,
        test: {
          name: 'served',
          include: ['{src,test}/**/*.served.test.ts', ...onBothDatabases],
          globalSetup: 'test/servers/global-setup.ts',
          sequence: { groupOrder: 1 },
          ...alone,
        },
      },
    ],
  },
});
