-- Similar issues need pgvector; everything else works without it, so its absence is no error here.
do $$
begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
end
$$;
