import { describe, expect, it } from 'vitest';
import {
  classifyDatabaseError,
  DatabaseGoneError,
  DatabaseUnavailableError,
  PostgresError,
} from './database-error.ts';

const withCode = (code: string) => Object.assign(new Error('as the driver says it'), { code });

describe('classifyDatabaseError', () => {
  it.each([
    '08006',
    '40001',
    '40P01',
    '53100',
    '53300',
    '55P03',
    '57P01',
    '57014',
    '58030',
    'XX001',
    'XX002',
    '25006',
  ])('takes SQLSTATE %s as the world’s fault', (code) => {
    expect(classifyDatabaseError(new PostgresError('no', { code }))).toBe('world');
    expect(classifyDatabaseError(withCode(code))).toBe('world');
  });

  it.each(['22021', '22P05', '23505', '23514', '25P02', '42P01', '54000', '0A000', 'XX000'])(
    'takes SQLSTATE %s as the statement’s fault',
    (code) => {
      expect(classifyDatabaseError(new PostgresError('no', { code }))).toBe('statement');
    },
  );

  it('takes a connection that is gone as the world’s fault, also wrapped', () => {
    expect(classifyDatabaseError(new DatabaseGoneError('gone'))).toBe('world');
    expect(classifyDatabaseError(withCode('ECONNREFUSED'))).toBe('world');
    expect(classifyDatabaseError(new DatabaseUnavailableError('no answer'))).toBe('world');
    expect(classifyDatabaseError(new Error('outer', { cause: withCode('40001') }))).toBe('world');
  });

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'The server does not support SSL connections',
    'There was an error establishing an SSL connection',
  ])('takes pg’s own “%s” as the world’s fault', (message) => {
    expect(classifyDatabaseError(new Error(message))).toBe('world');
  });

  it('takes a prepared statement that is out of date as the world’s fault', () => {
    const stale = new PostgresError('no', { code: '0A000', routine: 'RevalidateCachedQuery' });
    expect(classifyDatabaseError(stale)).toBe('world');
  });

  it('takes what is no database error as the work’s own fault', () => {
    expect(classifyDatabaseError(new TypeError('undefined is not a function'))).toBe('statement');
    expect(classifyDatabaseError('thrown text')).toBe('statement');
  });
});
