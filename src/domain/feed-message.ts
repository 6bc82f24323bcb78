import type { Issue, IssueSummary } from '../contracts/rest.ts';
import type { EnrichedIssue } from '../contracts/topics.ts';
import { showClassification } from './show-classification.ts';

/** An issue as REST and the feed show it, from the complete state that `issues.enriched` carries. */
export function showIssue(record: EnrichedIssue): Issue {
  return {
    ...record.issue,
    repositoryId: record.repositoryId,
    number: record.number,
    origin: record.origin,
    version: record.version,
    classification: record.classification && showClassification(record.classification, record.corrections),
  };
}

/** Lists and the feed carry everything but the body. */
export function summarise({ body: _, ...summary }: Issue): IssueSummary {
  return summary;
}
