import { inject } from 'vitest';
import { describeEventLog } from '../conformance/event-log-conformance.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

describeEventLog('the Kafka log', {
  create: (overrides) => KafkaLogFixture.open(inject('kafka'), overrides),
});
