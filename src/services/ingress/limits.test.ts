import { expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { declaredTopics } from '../../log/topic-configuration.ts';
import { defaultLimits } from './limits.ts';

it('the log refuses nothing for its size that ingress lets through', () => {
  const keyAndHeaders = 16 * 1024;
  const largest = (topic: typeof topics.raw | typeof topics.deadLetter) =>
    Number(declaredTopics('production')[topic].config['max.message.bytes']);
  expect(largest(topics.raw)).toBeGreaterThan(defaultLimits.bodyBytes + keyAndHeaders);
  expect(largest(topics.deadLetter)).toBeGreaterThan(largest(topics.raw));
});
