import type { IssueDetail } from '../../../src/contracts/rest.ts';
import { DeliveryTable } from '../setup/delivery-table.tsx';
import { Section } from './section.tsx';

export function IssueEvents({ events }: Pick<IssueDetail, 'events'>) {
  if (events.length === 0) return null;
  return (
    <Section title="Deliveries">
      <DeliveryTable deliveries={events} withIssue={false} />
    </Section>
  );
}
