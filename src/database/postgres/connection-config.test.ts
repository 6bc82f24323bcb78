import { describe, expect, it } from 'vitest';
import { readServerAddress } from './connection-config.ts';
import { PostgresUnusableError } from './postgres-unusable-error.ts';

const read = (url: string) => readServerAddress(url, 'dispatchai relay');

describe('readServerAddress', () => {
  it('names the server without user and password', () => {
    const { target } = read('postgres://user:secret@db.example:6543/triage?sslmode=require');
    expect(target).toBe('db.example:6543/triage');
    expect(read('postgresql://user:secret@db.example/triage').target).toBe('db.example:5432/triage');
    expect(read('postgres://user@localhost/triage?host=/run/postgresql').target).toBe(
      '/run/postgresql:5432/triage',
    );
  });

  it.each([
    'user:secret@db.example',
    'mysql://user:secret@db.example/triage',
    'postgres://user:secret@db.example:port/triage',
    'postgres://user:secret@db.example/triage?sslmode=prefer',
  ])('refuses %s, and tells no secret', (url) => {
    const refusal = (() => {
      try {
        return read(url);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(PostgresUnusableError);
    expect(JSON.stringify(refusal, Object.getOwnPropertyNames(refusal))).not.toContain('secret');
  });

  it('keeps the URL’s own options, and sets the application’s name itself', () => {
    const { config, options } = read('postgres://h/d?options=-c%20work_mem=8MB&application_name=other');
    expect(options).toBe('-c work_mem=8MB');
    expect(config.application_name).toBe('dispatchai relay');
    expect(config.connectionString).toBe('postgres://h/d');
  });

  it('takes sslmode in libpq’s meaning', () => {
    expect(read('postgres://h/d?sslmode=require').config.connectionString).toContain('uselibpqcompat=true');
    expect(read('postgres://h/d').config.connectionString).not.toContain('uselibpqcompat');
  });
});
