import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
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

const columns = Object.keys(Row.shape);

/** The file is there and is not what `readLabelledIssues` reads. */
export class MalformedDataError extends Error {
  override readonly name = 'MalformedDataError';
}

const otherNames: Readonly<Record<string, string>> = {
  docs: 'documentation',
  enhancement: 'feature',
};

export type LabelledRow =
  | { readonly kind: 'issue'; readonly issue: LabelledIssue }
  | { readonly kind: 'other'; readonly label: string };

/**
 * Streams a csv with the columns `repo,created_at,label,title,body` (the form of NLBSE'24's data; others are
 * ignored), unpacked when its name ends in `.gz`.
 * @throws MalformedDataError when it lacks a column, is no csv or has no row; the system's error when it cannot be read
 */
export async function* readLabelledIssues(file: string): AsyncGenerator<LabelledRow> {
  const source = createReadStream(file);
  const parser = parse({ columns: checkedColumns, bom: true, skip_empty_lines: true });
  source.on('error', (error) => parser.destroy(error));
  if (file.endsWith('.gz')) {
    const gunzip = createGunzip();
    gunzip.on('error', (error) => parser.destroy(error));
    source.pipe(gunzip).pipe(parser);
  } else {
    source.pipe(parser);
  }
  let rows = 0;
  for await (const record of wellFormed(parser)) {
    rows += 1;
    const row = Row.parse(record);
    const category = Category.safeParse(otherNames[row.label] ?? row.label);
    if (!category.success) yield { kind: 'other', label: row.label };
    else
      yield {
        kind: 'issue',
        issue: { repository: row.repo, title: row.title, body: row.body, category: category.data },
      };
  }
  if (rows === 0) throw new MalformedDataError(`no issues in it; ${expected}`);
}

const expected = `expected csv with the columns ${columns.join(', ')}`;

function checkedColumns(header: readonly string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return [...header];
  throw new MalformedDataError(`the column ${missing.join(', ')} is missing; ${expected}`);
}

async function* wellFormed(parser: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* parser;
  } catch (error) {
    throw error instanceof CsvError ? new MalformedDataError(error.message) : error;
  }
}
