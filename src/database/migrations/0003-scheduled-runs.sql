-- What a scheduler does at a time is a row before it is begun: whoever comes second finds it, and what a scheduler
-- that died had begun is begun again by the next one.
create table scheduled_runs (
  job         text not null,
  due_at      timestamptz not null,
  -- Of the lease under which it was begun.
  token       bigint not null,
  started_at  timestamptz not null default now(),
  finished_at timestamptz,
  outcome     text check (outcome in ('done', 'failed')),
  details     jsonb,
  primary key (job, due_at)
);
