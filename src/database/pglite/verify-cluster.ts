import type { PGlite } from '@electric-sql/pglite';

const checks = `
create extension if not exists amcheck;
-- Every page of every table, TOAST included.
do $$
declare finding record;
begin
  for finding in
    select relation.oid::regclass as name, problem.blkno, problem.msg
    from pg_class as relation, verify_heapam(relation.oid, check_toast => true) as problem
    where relation.relkind in ('r', 'm', 't') and relation.relpersistence = 'p'
  loop
    raise exception '%: block %: %', finding.name, finding.blkno, finding.msg using errcode = 'data_corrupted';
  end loop;
end
$$;
-- Every B-tree, and that each row of its table is in it.
select bt_index_check(relation.oid, heapallindexed => true)
from pg_class as relation
join pg_am as method on method.oid = relation.relam
join pg_index as index on index.indexrelid = relation.oid
where method.amname = 'btree' and relation.relpersistence = 'p' and index.indisvalid;
`;

/**
 * Reads every table and index once and rejects at the first that is damaged. Leaves nothing behind.
 * Meaning of the checks: https://www.postgresql.org/docs/18/amcheck.html
 */
export async function verifyCluster(database: PGlite): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.exec(checks);
    await transaction.rollback();
  });
}
