import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type Category, categories } from '../src/contracts/classification.ts';

/** One labelled issue. */
export interface Example {
  /** What shares one habit of labelling: a repository, or a pool of small ones. */
  readonly source: string;
  readonly repository: string;
  /** Index into `categories`. */
  readonly label: number;
  readonly title: string;
  readonly body: string;
  /** Punctuation and lines were stripped by whoever collected it: only its words can be believed. */
  readonly lossy: boolean;
}

const labelNames: Readonly<Record<string, Category>> = {
  bug: 'bug',
  feature: 'feature',
  question: 'question',
  docs: 'documentation',
  documentation: 'documentation',
};

function labelOf(name: string): number {
  const category = labelNames[name];
  if (category === undefined) throw new Error(`unknown label ${JSON.stringify(name)}`);
  return categories.indexOf(category);
}

const NlbseRow = z.object({ repo: z.string(), label: z.string(), title: z.string(), body: z.string() });

/** `nlbse24_train.csv.gz`: 5 repositories x bug, feature, question x 100. */
export function readNlbse(directory: string): Example[] {
  const csv = gunzipSync(readFileSync(join(directory, 'nlbse24_train.csv.gz')));
  return z
    .array(NlbseRow)
    .parse(parse(csv, { columns: true, relax_quotes: true }))
    .map((row) => ({
      source: row.repo,
      repository: row.repo,
      label: labelOf(row.label),
      title: row.title,
      body: row.body,
      lossy: false,
    }));
}

const PoolRow = z.object({
  src: z.string(),
  repo: z.string(),
  label: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  lossy: z.number(),
});

/** `ext_train.jsonl.gz`: labelled issues of other repositories. Pools of small repositories count as one source. */
export function readPool(directory: string): Example[] {
  const lines = gunzipSync(readFileSync(join(directory, 'ext_train.jsonl.gz')))
    .toString('utf8')
    .split('\n');
  const examples: Example[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const row = PoolRow.parse(JSON.parse(line));
    const small = row.src === 'smells' || row.src === 'nlbse23';
    examples.push({
      source: small ? row.src : row.repo,
      repository: row.repo,
      label: labelOf(row.label),
      title: row.title,
      body: row.body ?? '',
      lossy: row.lossy === 1,
    });
  }
  return examples;
}
