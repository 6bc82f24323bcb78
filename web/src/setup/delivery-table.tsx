import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { Delivery as DeliverySchema } from '../../../src/contracts/rest.ts';
import { Time } from '../parts/time.tsx';
import './delivery-table.css';

type Delivery = z.infer<typeof DeliverySchema>;

const words: Readonly<Record<Delivery['status'], string>> = {
  applied: 'Applied',
  unchanged: 'Changed nothing',
  stale: 'Older than what is known',
  refused: 'Refused',
  failed: 'Failed',
  dead: 'Given up',
};

interface Props {
  readonly deliveries: readonly Delivery[];
  /** Whether each row names its issue; on an issue's own page it need not. */
  readonly withIssue: boolean;
}

/** Deliveries as stored, each with its place in the log. */
export function DeliveryTable({ deliveries, withIssue }: Props) {
  return (
    <div className="table-scroll">
      <table className="delivery-table">
        <thead>
          <tr>
            <th scope="col">Event</th>
            {withIssue ? <th scope="col">Issue</th> : null}
            <th scope="col">Outcome</th>
            <th scope="col">In the log</th>
            <th scope="col">Delivery</th>
            <th scope="col">Received</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <tr key={delivery.deliveryId}>
              <td>{`${delivery.event} ${delivery.action}`}</td>
              {withIssue ? <td className="delivery-issue">{issueOf(delivery)}</td> : null}
              <td className={`outcome ${delivery.status}`} title={delivery.reason ?? undefined}>
                {words[delivery.status]}
                {delivery.reason ? <span className="outcome-reason"> {delivery.reason}</span> : null}
              </td>
              <td className="number">{`${delivery.topic}/${delivery.partition}@${delivery.offset}`}</td>
              <td className="delivery-id" title={delivery.deliveryId}>
                {delivery.deliveryId}
              </td>
              <td>
                <Time at={delivery.receivedAt} sentence />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function issueOf({ repository, number }: Delivery) {
  const [owner, repo] = repository?.split('/') ?? [];
  if (!owner || !repo || number === null) return repository ?? '';
  return (
    <Link className="link" to="/issues/$owner/$repo/$number" params={{ owner, repo, number: String(number) }}>
      {repository}#{number}
    </Link>
  );
}
