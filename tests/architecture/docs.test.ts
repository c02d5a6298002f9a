import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const generated = (path: string) => /(^|\/)(node_modules|dist|assets|data)$/.test(path);
const pages = globSync('**/*.md', { cwd: root, exclude: generated });
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

it('pages link to files that exist', () => {
  const lost = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
      .filter(([, link]) => !existsSync(join(root, dirname(page), decodeURI(link!))))
      .map(([, link]) => `${page}: ${link}`),
  );
  expect(pages.length).toBeGreaterThan(20);
  expect(lost).toEqual([]);
});

it('pages link to headings that exist', () => {
  const lost = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)\s#]*)#([^)\s]+)\)/g)]
      .filter(([, file, heading]) => !headingsOf(file ? join(dirname(page), file) : page).includes(heading!))
      .map(([link]) => `${page}: ${link}`),
  );
  expect(lost).toEqual([]);
});

/** As GitHub names them in links. */
const headingsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

it('pages for maintainers name files that exist: a moved file takes its mentions along', () => {
  const forMaintainers = pages.filter((page) => /^(CONTRIBUTING\.md|docs\/(adr|contributing)\/)/.test(page));
  const lost = forMaintainers.flatMap((page) =>
    [...textOf(page).matchAll(/`((?:src|tests|scripts|bench|docs|bin|examples|changes)\/[\w./-]*)`/g)]
      .filter(([, path]) => !existsSync(join(root, path!)))
      .map(([, path]) => `${page}: ${path}`),
  );
  expect(forMaintainers.length).toBeGreaterThan(5);
  expect(lost).toEqual([]);
});
