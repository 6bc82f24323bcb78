import { z } from 'zod';

export const categories = ['bug', 'feature', 'question', 'documentation'] as const;
export const priorities = ['critical', 'high', 'medium', 'low'] as const;
export const severities = ['blocker', 'major', 'minor', 'trivial'] as const;
export const efforts = ['small', 'medium', 'large'] as const;
export const sentiments = ['positive', 'neutral', 'frustrated'] as const;

export const Category = z.enum(categories);
export const Priority = z.enum(priorities);
export type Category = z.infer<typeof Category>;
export type Priority = z.infer<typeof Priority>;

/** Who gave a field's value. `model` is a language model; `person` is final. */
export const answerSources = ['local', 'model', 'person'] as const;
export const AnswerSource = z.enum(answerSources);
export type AnswerSource = z.infer<typeof AnswerSource>;

/** One reason that weighed: the words a person can find in the issue, and how much they weighed (signed, relative). */
export const Evidence = z.object({ text: z.string(), weight: z.number() });
export type Evidence = z.infer<typeof Evidence>;

const field = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    /** Probability that the value is right, 0 to 1. Calibrated for the category; a rule's strength for the others. */
    confidence: z.number().min(0).max(1),
    /** One sentence that a person can check against the issue. */
    reason: z.string(),
    evidence: z.array(Evidence),
  });

/**
 * What a classifier answers for one content. Every value is of a closed list but `component`, `tags` and
 * `summary`, which are text from a hostile source and shown as text only.
 */
export const Answer = z.object({
  category: field(Category),
  priority: field(Priority),
  severity: field(z.enum(severities)),
  component: field(z.string().max(80).nullable()),
  effort: field(z.enum(efforts)),
  sentiment: field(z.enum(sentiments)),
  tags: field(z.array(z.string().max(40)).max(8)),
  summary: field(z.string().max(280)),
});
export type Answer = z.infer<typeof Answer>;

export const fieldNames = [
  'category',
  'priority',
  'severity',
  'component',
  'effort',
  'sentiment',
  'tags',
  'summary',
] as const satisfies readonly (keyof Answer)[];
export type FieldName = (typeof fieldNames)[number];
export const FieldNameSchema = z.enum(fieldNames);

/** What a person may set, each field on its own; absent fields stay as they are. */
export const Correction = z
  .object({
    category: Category,
    priority: Priority,
    severity: z.enum(severities),
    component: z.string().trim().min(1).max(80).nullable(),
    effort: z.enum(efforts),
    sentiment: z.enum(sentiments),
    tags: z.array(z.string().trim().min(1).max(40)).max(8),
    summary: z.string().trim().min(1).max(280),
  })
  .partial()
  .strict();
export type Correction = z.infer<typeof Correction>;

const sourced = <T extends z.ZodType>(value: T) => field(value).extend({ source: AnswerSource });

/** The current classification of an issue as every reader sees it: the answer with what people set laid over it. */
export const Classification = z.object({
  category: Category,
  priority: Priority,
  severity: z.enum(severities),
  component: z.string().nullable(),
  effort: z.enum(efforts),
  sentiment: z.enum(sentiments),
  tags: z.array(z.string()),
  summary: z.string(),
  /** How sure the category is, 0 to 1; 1 when a person set it. */
  confidence: z.number().min(0).max(1),
  /** The category's reason. */
  reason: z.string(),
  /** `person` as soon as a person set any field, else who gave the answer. */
  source: AnswerSource,
  /** Name and version of what answered, `local@<hash>` or `openai/…@<prompt>`. */
  classifier: z.string(),
  /** Why a better answer is still missing (no key, circuit open, budget …), or null. */
  degraded: z.string().nullable(),
  fields: z.object({
    category: sourced(Category),
    priority: sourced(Priority),
    severity: sourced(z.enum(severities)),
    component: sourced(z.string().nullable()),
    effort: sourced(z.enum(efforts)),
    sentiment: sourced(z.enum(sentiments)),
    tags: sourced(z.array(z.string())),
    summary: sourced(z.string()),
  }),
});
export type Classification = z.infer<typeof Classification>;
