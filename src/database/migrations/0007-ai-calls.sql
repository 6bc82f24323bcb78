-- Every grant of a task or a call, and every edit of a task, draws a token of its own, also where a task was deleted and
-- came again: nobody who held an earlier one can take it for his.
create sequence ai_tokens;
alter sequence ai_tokens owned by ai_tasks.token;
alter table ai_tasks alter column token set default nextval('ai_tokens');
update ai_tasks set token = default;

-- due_at: from when on a task may be claimed; while it is in somebody's hand, the end of the lease.
create index ai_tasks_waiting on ai_tasks (live, repository_id, due_at, number);
create index ai_tasks_of_content on ai_tasks (repository_id, content_hash);

-- Who asks the model about a content, so that issues with one text are one call; and what is known of calls that
-- gave no answer. An answered call has no row: its answer is in ai_answers.
create table ai_calls (
  cache_key    text primary key,
  token        bigint not null default nextval('ai_tokens'),
  leased_until timestamptz not null,
  -- How often it was begun without a known outcome: more than once, and it may be paid twice.
  begun        integer not null,
  -- How often the model refused the content.
  refusals     integer not null default 0
);
