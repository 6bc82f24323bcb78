-- What the log says of the database that it belongs to, as far as it was read: the id that it names (null: none), of
-- which ledger topic, and up to which offset of each partition.
alter table pairing
  add column log_names    text,
  add column log_topic_id text,
  add column log_read     jsonb not null default '{}';

-- What was chosen for a log that belongs to another database. The log's own pairing is written last: a row that is
-- not finished is gone on with.
create table pairing_choices (
  id           bigint generated always as identity primary key,
  choice       text not null check (choice in ('rebuild', 'adopt')),
  reason       text not null,
  cluster_id   text not null,
  topic_ids    jsonb not null,
  -- How many records of issues.raw were in the log.
  records      bigint not null,
  chosen_at    timestamptz not null default now(),
  finished_at  timestamptz,
  abandoned_at timestamptz
);
create unique index pairing_choice_begun on pairing_choices ((true))
  where finished_at is null and abandoned_at is null;

alter table positions
  -- The next offset that was last committed to the log for lag tools, as far as it was noted.
  add column mirrored_offset bigint,
  -- The committed offset that a claim found moved from outside; the position won over it.
  add column moved_to        bigint,
  add column moved_seen_at   timestamptz;
