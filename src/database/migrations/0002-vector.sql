-- Similar issues need pgvector; everything else works without it, so its absence is no error here, nor is a role that
-- may not make it. An extension belongs to the whole database: in `public` it outlives the schema of a branch.
do $$
begin
  if exists (select from pg_available_extensions where name = 'vector' and installed_version is null) then
    create extension if not exists vector with schema public;
  end if;
exception
  when insufficient_privilege then
    raise notice 'the extension "vector" could not be made: %', sqlerrm;
end
$$;
