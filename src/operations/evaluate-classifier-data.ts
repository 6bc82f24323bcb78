import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { Category } from '../contracts/classification.ts';

/** An issue with the category that people gave it. */
export interface LabelledIssue {
  readonly repository: string;
  readonly title: string;
  readonly body: string;
  readonly category: Category;
}

const Row = z.object({
  repo: z.string(),
  label: z.string().transform((label) => label.trim().toLowerCase()),
  title: z.string(),
  body: z.string(),
});

const otherNames: Readonly<Record<string, string>> = {
  docs: 'documentation',
  enhancement: 'feature',
};

export type LabelledRow =
  | { readonly kind: 'issue'; readonly issue: LabelledIssue }
  | { readonly kind: 'other'; readonly label: string };

/**
 * Streams a csv with the columns `repo,created_at,label,title,body` (the form of NLBSE'24's data; others are
 * ignored), unpacked when its name ends in `.gz`. Throws when the file cannot be read or lacks a column.
 */
export async function* readLabelledIssues(file: string): AsyncGenerator<LabelledRow> {
  const source = createReadStream(file);
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true });
  source.on('error', (error) => parser.destroy(error));
  if (file.endsWith('.gz')) {
    const gunzip = createGunzip();
    gunzip.on('error', (error) => parser.destroy(error));
    source.pipe(gunzip).pipe(parser);
  } else {
    source.pipe(parser);
  }
  for await (const record of parser) {
    const row = Row.parse(record);
    const category = Category.safeParse(otherNames[row.label] ?? row.label);
    if (!category.success) yield { kind: 'other', label: row.label };
    else
      yield {
        kind: 'issue',
        issue: { repository: row.repo, title: row.title, body: row.body, category: category.data },
      };
  }
}
