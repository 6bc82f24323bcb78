-- What a failed event needs to be tried again, published as a dead letter, and sent once more as it came.
alter table events
  -- Of the record what no other column holds as it was: key, headers and timestamp (ms). json rather than jsonb, which
  -- refuses NUL. Null once the event was taken in.
  add column record json,
  -- The kind of failure; `reason` has its message.
  add column failure text;

update events
   set record = json_build_object(
         'key', record_key,
         'timestamp', floor(extract(epoch from received_at) * 1000),
         'headers', case when event = 'unknown' then '{}'::json else json_build_object(
           'delivery-id', delivery_id, 'event', event, 'action', action, 'issue', '', 'correlation-id', correlation_id,
           'received-at', floor(extract(epoch from received_at) * 1000)::bigint::text, 'origin', origin) end),
       failure = 'Unknown', attempts = 1, next_try_at = now()
 where status = 'failed';

create index events_due on events (next_try_at) where status = 'failed';
