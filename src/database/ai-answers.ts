import { sql } from 'kysely';
import type { Answer } from '../contracts/classification.ts';
import type { Queries } from './database.ts';

/** The stored answers under these keys. */
export async function readAnswers(
  queries: Queries,
  cacheKeys: readonly string[],
): Promise<ReadonlyMap<string, Answer>> {
  if (cacheKeys.length === 0) return new Map();
  const { rows } = await sql<{ cacheKey: string; answer: Answer }>`
    select cache_key as "cacheKey", answer from ai_answers
     where cache_key = any(array(select json_array_elements_text(${JSON.stringify(cacheKeys)}::json)))`.execute(
    queries,
  );
  return new Map(rows.map(({ cacheKey, answer }) => [cacheKey, answer]));
}

export interface NewAnswer {
  readonly cacheKey: string;
  readonly repositoryId: number;
  readonly contentHash: string;
  readonly classifier: string;
  readonly answer: Answer;
}

/**
 * Stores an answer, unless there is one already.
 * @returns the stored one: two calls about one text may differ, what readers see may not
 */
export async function keepAnswer(transaction: Queries, answer: NewAnswer): Promise<Answer> {
  // The update that changes nothing makes the conflicting row visible, also one that committed since this statement began.
  const { rows } = await sql<{ answer: Answer }>`
    insert into ai_answers (cache_key, repository_id, content_hash, classifier, answer)
    values (${answer.cacheKey}, ${answer.repositoryId}::bigint, ${answer.contentHash}, ${answer.classifier},
            ${JSON.stringify(answer.answer)}::json)
    on conflict (cache_key) do update set cache_key = excluded.cache_key
    returning answer`.execute(transaction);
  return rows[0]?.answer ?? answer.answer;
}
