-- Which issues ever had a text that a model answered, or was asked about: when one is to be forgotten, so are the
-- answers to its former texts. It outlives the issue, and the events that brought the texts.
create table ai_contents (
  repository_id bigint not null,
  number        bigint not null,
  content_hash  text not null,
  primary key (repository_id, number, content_hash)
);
insert into ai_contents
select repository_id, number, content_hash from classifications where source = 'model'
union
select repository_id, number, content_hash from ai_tasks;

create index ai_answers_of_content on ai_answers (repository_id, content_hash);
