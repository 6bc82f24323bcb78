-- The core's tables. Nothing that must outlive an issue refers to `issues`: `truncate issues cascade` must not
-- take the memory of what was processed, answered, corrected or deleted with it.

-- Every delivery once, whatever became of it: the memory that makes redelivery, replay and reset harmless.
create table events (
  delivery_id     text primary key,
  repository_id   bigint,
  number          bigint,
  event           text not null,
  action          text not null,
  -- The order of facts: issue.updated_at, rank (snapshot 0, opened 1, others 2), received_at, delivery_id.
  updated_at      timestamptz,
  rank            smallint not null,
  received_at     timestamptz not null,
  status          text not null check (status in ('applied', 'unchanged', 'stale', 'refused', 'failed', 'dead')),
  reason          text,
  origin          text not null,
  actor           text,
  correlation_id  text not null,
  topic           text not null,
  partition       integer not null,
  log_offset      bigint not null,
  record_key      text not null,
  -- The untouched bytes, zstd.
  payload         bytea,
  attempts        integer not null default 0,
  next_try_at     timestamptz,
  first_failed_at timestamptz,
  last_failed_at  timestamptz,
  processed_at    timestamptz not null default now()
);
create index events_of_issue on events (repository_id, number, updated_at);
create index events_received on events (received_at);
create index events_failed on events (status) where status in ('failed', 'dead');

create table issues (
  repository_id      bigint not null,
  number             bigint not null,
  repository         text not null,
  title              text not null,
  body               text,
  state              text not null check (state in ('open', 'closed')),
  state_reason       text,
  author             text,
  author_association text,
  labels             jsonb not null,
  assignees          jsonb not null,
  milestone          text,
  issue_type         text,
  locked             boolean not null,
  lock_reason        text,
  pinned             boolean not null,
  comments           integer not null,
  url                text not null,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  closed_at          timestamptz,
  origin             text not null,
  content_hash       text not null,
  -- Registers that updated_at does not order: comments and pins.
  guards             jsonb not null,
  version            bigint not null,
  primary key (repository_id, number)
);
create index issues_by_activity on issues (updated_at desc, repository_id desc, number desc);
create index issues_by_name on issues (repository, number);

-- The current answer of each issue. category, its confidence and priority are as readers see them, corrections
-- included.
create table classifications (
  repository_id bigint not null,
  number        bigint not null,
  content_hash  text not null,
  source        text not null check (source in ('local', 'model')),
  classifier    text not null,
  cache_key     text not null,
  -- json rather than jsonb: it is written often, read whole and never searched.
  answer        json not null,
  degraded      text,
  category      text not null,
  confidence    real not null,
  priority      text not null,
  -- Who readers see as the source: person, as soon as a person set any field.
  shown_source  text not null,
  classified_at timestamptz not null default now(),
  primary key (repository_id, number)
);

create table corrections (
  repository_id bigint not null,
  number        bigint not null,
  field         text not null,
  value         jsonb not null,
  corrected_by  text not null,
  corrected_at  timestamptz not null default now(),
  primary key (repository_id, number, field)
);

-- The cache of paid answers, and the work that still waits for one.
create table ai_answers (
  cache_key     text primary key,
  repository_id bigint not null,
  content_hash  text not null,
  classifier    text not null,
  -- json rather than jsonb: it is written often, read whole and never searched.
  answer        json not null,
  answered_at   timestamptz not null default now()
);

create table ai_tasks (
  repository_id bigint not null,
  number        bigint not null,
  content_hash  text not null,
  live          boolean not null,
  token         bigint not null default 0,
  attempts      integer not null default 0,
  due_at        timestamptz not null default now(),
  leased_until  timestamptz,
  created_at    timestamptz not null default now(),
  primary key (repository_id, number)
);

-- What the relay still owes to a topic: a key and the version to publish, nothing else.
create table outbox (
  topic   text not null,
  key     text not null,
  version bigint not null,
  primary key (topic, key)
);

-- Next offsets, moved in the transaction that stores what was read. The claim number alone decides who may.
create table positions (
  consumer      text not null,
  topic         text not null,
  partition     integer not null,
  topic_id      text not null,
  next_offset   bigint not null,
  -- The delivery of the record before next_offset: a position that no longer fits its log is recognised by it.
  last_delivery text,
  claim         bigint not null default 0,
  owner         text,
  moved_at      timestamptz not null default now(),
  primary key (consumer, topic, partition)
);

-- The deletion ledger. A deletion is a fact, not an absence.
create table deletions (
  repository_id    bigint not null,
  number           bigint not null,
  repository       text not null,
  version          bigint not null,
  deleted_at       timestamptz not null,
  state_updated_at timestamptz,
  reason           text not null,
  deleted_by       text not null,
  permanent        boolean not null,
  lifted_at        timestamptz,
  primary key (repository_id, number)
);
create index deletions_by_time on deletions (deleted_at);

-- One row: this database's identity, the log that it belongs to, and the feed that it publishes.
create table pairing (
  only_row    boolean primary key default true check (only_row),
  database_id uuid not null default gen_random_uuid(),
  feed_id     uuid not null default gen_random_uuid(),
  cluster_id  text,
  topic_ids   jsonb,
  paired_at   timestamptz
);
insert into pairing default values;

create table leases (
  name       text primary key,
  holder     text not null,
  -- Grows with each grant; checked in every transaction made under the lease.
  token      bigint not null,
  expires_at timestamptz not null
);

create table audit (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default now(),
  actor   text not null,
  action  text not null,
  details jsonb not null
);
