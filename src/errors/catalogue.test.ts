import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, MitateError, toMitateError } from './index.ts';

const folder = new URL('./catalogue/', import.meta.url);

describe('the error catalogue', () => {
  it('has each code once', () => {
    const codes = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+): \{/gm)].map(([, code]) => code),
    );
    expect(codes.length).toBe(new Set(codes).size);
    expect([...codes].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it.each(Object.entries(catalogue))('%s has cause, message and remedy', (_code, { when, message, remedy, status }) => {
    expect(when).toMatch(/^\S.*[^.]$/s);
    expect(message.length).toBeGreaterThan(0);
    expect(remedy.length).toBeGreaterThan(5);
    expect(status).toBeGreaterThanOrEqual(400);
    // Braces are for details only: `{name}`.
    for (const [, inside] of `${message}${remedy}`.matchAll(/\{([^}]*)\}/g)) expect(inside).toMatch(/^\w+$/);
  });

  it.each(
    Object.entries(catalogue).flatMap(([code, { message, remedy }]) =>
      [...`${message} ${remedy}`.matchAll(/\bdocs\/[\w/.-]*\w/g)].map(([path]) => [code, path]),
    ),
  )('%s names a page that exists: %s', (_code, path) => {
    expect(existsSync(new URL(`../../${path}`, import.meta.url))).toBe(true);
  });
});

describe('MitateError', () => {
  it('fills message and remedy, and keeps the details', () => {
    const error = new MitateError('FILE_UNREADABLE', { path: '/x', reason: 'gone' });
    expect(error.message).toBe('Cannot read /x: gone');
    expect(error.toJSON()).toMatchObject({ code: 'FILE_UNREADABLE', details: { path: '/x' } });
  });

  it('wraps unknown errors with their cause', () => {
    const cause = new TypeError('x is not a function');
    const error = toMitateError(cause);
    expect(error.code).toBe('INTERNAL');
    expect(error.cause).toBe(cause);
  });

  it('reports a full disk as DISK_FULL everywhere ("data sample" reported a bug of Mitate)', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const error = toMitateError(cause);
    expect([error.code, error.message, error.cause]).toEqual([
      'DISK_FULL',
      'No space left while writing a file.',
      cause,
    ]);
    expect(toMitateError(undefined).code).toBe('INTERNAL');
  });
});
