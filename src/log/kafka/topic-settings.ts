import { ConfigResourceTypes } from '@platformatic/kafka';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable } from './broker-failure.ts';

export const topicResource = ConfigResourceTypes.TOPIC;

/** Effective values of the topics' settings, by the broker's names of the topics. */
export async function readConfiguration(
  client: BrokerClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  try {
    const resources = names.map((resourceName) => ({ resourceType: topicResource, resourceName }));
    const described = await client.administer((admin) => admin.describeConfigs({ resources }));
    return new Map(
      described.map(({ resourceName, configs }) => [
        resourceName,
        Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ''])),
      ]),
    );
  } catch (error) {
    throw asUnavailable(error, 'the configuration of the topics cannot be read');
  }
}
