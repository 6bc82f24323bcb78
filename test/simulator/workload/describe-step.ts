import { formatKey } from '../../../src/contracts/issue.ts';
import type { Step } from './plan.ts';

/** One step of a plan in a line. */
export function describeStep(step: Step): string {
  const head = `${step.at} ms, step ${step.id}:`;
  switch (step.kind) {
    case 'deliver': {
      const { event, deliveryId, again } = step;
      const more = again.length > 0 ? `, again after ${again.join(', ')} ms` : '';
      return `${head} ${deliveryId} of ${formatKey(event)}${event.poison ? ` (poison: ${event.poison})` : ''}${more}`;
    }
    case 'import':
      return `${head} a state of ${step.repository.full_name} is imported`;
    case 'delete':
      return `${head} a person deletes ${formatKey(step)}`;
    case 'correct':
      return `${head} a person corrects ${formatKey(step)}`;
    case 'disturb':
      return `${head} ${step.fault}`;
  }
}
