import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Setup } from '../../../src/contracts/rest.ts';
import { consistencyQuery, statsQuery } from '../api/queries.ts';

const count = (value: number): string => value.toLocaleString('en');

/** Log, database and offsets against each other, in plain rows. */
export function DataStanding({ setup }: { readonly setup: Setup | null }) {
  const { data, error } = useQuery(consistencyQuery);
  const stats = useQuery(statsQuery);
  const known = data !== undefined && setup !== null;
  const top = useRef<HTMLDListElement>(null);
  useEffect(() => {
    // The line in the corner leads here, before what stands above has come and has its height.
    if (known && location.hash === '#data') top.current?.scrollIntoView({ block: 'center' });
  }, [known]);
  if (!data) return <p>{error ? error.message : ''}</p>;
  const rows: (readonly [string, string])[] = [
    ['State', data.status === 'healthy' ? 'Healthy' : 'Degraded'],
    ['Issues', count(data.database_records)],
    ['Behind the log', `${count(data.kafka_consumer_lag)} records`],
    ['Waiting to be published', count(data.outbox)],
    ['Failed events', count(data.failed)],
    ['Dead events', count(data.dead)],
    ['Missing issues', count(data.missing.count)],
    [
      'Log and database',
      data.pairing.status === 'paired'
        ? 'Belong together'
        : `Do not belong together (${data.pairing.status})`,
    ],
    ...(stats.data ? [['Corrected by people', count(stats.data.corrected)] as const] : []),
    ...(setup
      ? ([
          ['Classifier', setup.classifier],
          ['Version', `${setup.version}, ${setup.profile}`],
        ] as const)
      : []),
  ];
  return (
    <>
      {data.reasons.length > 0 ? (
        <ul className="standing-reasons">
          {data.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      {data.missing.repair ? (
        <p>
          To repair: <code>{data.missing.repair}</code>
        </p>
      ) : null}
      <dl className="standing" ref={top}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
