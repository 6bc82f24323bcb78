import type { QueryResult } from 'pg';
import { describe, expect, it } from 'vitest';
import { silent } from '../../effects/silent.fixture.ts';
import { prepareDatabase } from './prepare-database.ts';

const answering = (row: object) => ({
  gone: new AbortController().signal,
  query: async () => ({ rows: [row] }) as unknown as QueryResult,
});

describe('prepareDatabase', () => {
  it.each([
    {
      major: 14,
      version: '14.12',
      encoding: 'UTF8',
      reason: 'it is version 14.12, and 15 or newer is needed',
    },
    {
      major: 17,
      version: '17.1',
      encoding: 'SQL_ASCII',
      reason: "the database's encoding is SQL_ASCII, and UTF8 is needed",
    },
  ])('refuses version $version with $encoding in one line', async ({ reason, ...row }) => {
    expect(await prepareDatabase(answering(row), 'public', silent)).toEqual({ kind: 'unusable', reason });
  });
});
