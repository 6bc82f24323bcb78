import { Admin } from '@platformatic/kafka';
import { topicNames } from '../../src/contracts/topics.ts';
import { openServedScratch } from '../../src/database/postgres/served-scratch.fixture.ts';
import { until } from '../../test/until.ts';
import type { BenchStores } from './bench-stores.ts';

/** Empty stores of one whole installation, and what makes its processes use them. */
export interface InstallationStores {
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/**
 * An installation's topics have the names of production, so they are this measure's only where there were none.
 * @throws Error when the broker has some
 */
export async function openInstallationStores(stores: BenchStores): Promise<InstallationStores> {
  if (stores.kind === 'embedded') return { environment: {}, remove: async () => undefined };
  const { kafka } = stores;
  await administer(kafka, async (admin) => {
    const there = await ownTopics(admin);
    if (there.length > 0) {
      throw new Error(
        `TEST_KAFKA has ${there.join(', ')}, which may be somebody's: unset it, or name another`,
      );
    }
  });
  const scratch = await openServedScratch(stores.databaseUrl, { contents: 'empty' });
  return {
    environment: { KAFKA_BOOTSTRAP_SERVERS: kafka, DATABASE_URL: scratch.url },
    remove: async () => {
      await scratch[Symbol.asyncDispose]();
      await administer(kafka, removeInstallation);
    },
  };
}

const ownTopics = async (admin: Admin): Promise<string[]> =>
  (await admin.listTopics()).filter((name) => topicNames.some((topic) => topic === name));

async function removeInstallation(admin: Admin): Promise<void> {
  await admin.deleteTopics({ topics: await ownTopics(admin) });
  await until(async () => (await ownTopics(admin)).length === 0, {
    what: 'the topics are gone',
    withinMs: 30_000,
  });
  const groups = [...(await admin.listGroups()).keys()].filter((group) => group.startsWith('dispatchai-'));
  if (groups.length > 0) await admin.deleteGroups({ groups });
}

async function administer(kafka: string, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers: kafka.split(',') });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}
