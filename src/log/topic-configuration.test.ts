import { expect, test } from 'vitest';
import { declaredOnBrokers, declaredTopics } from './topic-configuration.ts';

const day = 86_400_000;

test('accepted webhooks are kept for a day in segments of 10 MB and an hour, in production for 30 days', () => {
  expect(declaredTopics('development')['issues.raw'].config).toMatchObject({
    'cleanup.policy': 'delete',
    'retention.ms': String(day),
    'retention.bytes': '-1',
    'segment.bytes': '10485760',
    'segment.ms': '3600000',
  });
  expect(declaredTopics('production')['issues.raw'].config).toMatchObject({
    'cleanup.policy': 'delete',
    'retention.ms': String(30 * day),
    'retention.bytes': '-1',
    'segment.bytes': '1073741824',
  });
});

test.each(['development', 'production'] as const)(
  'states and deletions keep their last record of each key for ever: %s',
  (profile) => {
    const topics = declaredTopics(profile);
    expect(topics['issues.enriched'].config).toMatchObject({
      'cleanup.policy': 'compact',
      'retention.ms': '2592000000',
    });
    expect(topics['issues.deletions'].config).toMatchObject({
      'cleanup.policy': 'compact',
      'retention.ms': '-1',
    });
  },
);

test('dead letters are kept for a week, in production for 90 days', () => {
  expect(declaredTopics('development')['issues.dead-letter'].config).toMatchObject({
    'cleanup.policy': 'compact,delete',
    'retention.ms': String(7 * day),
  });
  expect(declaredTopics('production')['issues.dead-letter'].config).toMatchObject({
    'cleanup.policy': 'compact,delete',
    'retention.ms': String(90 * day),
  });
});

test('a webhook of 25 MB fits, with its headers, and its dead letter with the reason', () => {
  const { 'issues.raw': raw, 'issues.dead-letter': letters } = declaredTopics('production');
  expect(raw.config['max.message.bytes']).toBe('27262976');
  expect(letters.config['max.message.bytes']).toBe('28311552');
});

test('in production an accepted record is on two of three brokers, and who lacks it never leads', () => {
  for (const { replicationFactor, config } of Object.values(declaredOnBrokers('production', 5))) {
    expect(replicationFactor).toBe(3);
    expect(config).toMatchObject({ 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' });
  }
  for (const { replicationFactor, config } of Object.values(declaredOnBrokers('production', 2))) {
    expect(replicationFactor).toBe(2);
    expect(config['min.insync.replicas']).toBeUndefined();
  }
  for (const { replicationFactor } of Object.values(declaredOnBrokers('development', 5))) {
    expect(replicationFactor).toBe(1);
  }
});

test('on brokers a state that an older one came behind is not compacted away before the relay has looked', () => {
  for (const profile of ['development', 'production'] as const) {
    const declared = declaredOnBrokers(profile, 3);
    expect(declared['issues.enriched'].config['min.compaction.lag.ms']).toBe('3600000');
    expect(declared['issues.deletions'].config['min.compaction.lag.ms']).toBe('3600000');
    expect(declared['issues.raw'].config['min.compaction.lag.ms']).toBeUndefined();
  }
});
