import type { Classification } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';

const field = <T>(value: T, confidence = 0.8) => ({
  value,
  confidence,
  reason: 'A reason.',
  evidence: [],
  source: 'local' as const,
});

export function classificationOf(part: Partial<Classification['fields']> = {}): Classification {
  const fields: Classification['fields'] = {
    category: field<Classification['category']>('bug'),
    priority: field<Classification['priority']>('medium'),
    severity: field<Classification['severity']>('minor'),
    component: field<string | null>(null),
    effort: field<Classification['effort']>('small'),
    sentiment: field<Classification['sentiment']>('neutral'),
    tags: field<string[]>([]),
    summary: field('A summary.'),
    ...part,
  };
  return {
    category: fields.category.value,
    priority: fields.priority.value,
    severity: fields.severity.value,
    component: fields.component.value,
    effort: fields.effort.value,
    sentiment: fields.sentiment.value,
    tags: fields.tags.value,
    summary: fields.summary.value,
    confidence: fields.category.confidence,
    reason: fields.category.reason,
    source: Object.values(fields).some(({ source }) => source === 'person') ? 'person' : 'local',
    classifier: 'local@abc',
    degraded: null,
    fields,
  };
}

/** An issue of repository 1, last active `minute` minutes after noon. */
export function issueOf(number: number, minute = number, part: Partial<IssueSummary> = {}): IssueSummary {
  const at = new Date(Date.UTC(2025, 0, 1, 12, minute)).toISOString();
  return {
    repositoryId: 1,
    repository: 'acme/shop',
    number,
    title: `Issue ${number}`,
    state: 'open',
    stateReason: null,
    author: 'octocat',
    authorAssociation: null,
    labels: [],
    assignees: [],
    milestone: null,
    issueType: null,
    locked: false,
    lockReason: null,
    pinned: false,
    comments: 0,
    url: `https://github.com/acme/shop/issues/${number}`,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    origin: 'github',
    version: 100 + number,
    classification: classificationOf(),
    ...part,
  };
}
