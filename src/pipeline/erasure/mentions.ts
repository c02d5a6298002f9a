import { createReadStream } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { escapeHtml } from '../../codecs/html.ts';

/** A photo as lists and pages refer to it. */
export interface NamedPhoto {
  sha256: string;
  /** Paths inside its sources. */
  filenames: readonly string[];
}

const textEndings = new Set(['.json', '.jsonl', '.html', '.md', '.csv', '.txt']);

/** Whether a text file below the folder contains the photo's sha256. */
export async function mentions(uri: string, { sha256 }: NamedPhoto): Promise<boolean> {
  const names = await readdir(uri, { recursive: true }).catch(() => []);
  for (const name of names)
    if (textEndings.has(extname(name)) && (await contains(join(uri, name), sha256))) return true;
  return false;
}

/** Copies an artifact without the photo's entries in lists, the figures that show it and the table rows that begin with its name. */
export async function withoutMentions(uri: string, output: string, photo: NamedPhoto): Promise<void> {
  await cp(uri, output, { recursive: true });
  for (const name of await readdir(output, { recursive: true })) {
    const path = join(output, name);
    if (extname(name) === '.json') await rewrite(path, (text) => withoutEntries(text, photo.sha256));
    if (extname(name) === '.jsonl')
      await rewrite(path, (text) =>
        text
          .split('\n')
          .filter((line) => !line.includes(photo.sha256))
          .join('\n'),
      );
    if (extname(name) === '.html') await rewrite(path, (text) => withoutName(text, photo.filenames));
  }
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed !== text) await writeFile(path, changed);
}

function withoutEntries(text: string, sha256: string): string {
  if (!text.includes(sha256)) return text;
  return `${JSON.stringify(
    JSON.parse(text, (_, value) => prune(value, sha256)),
    null,
    2,
  )}\n`;
}

/** Drops the items of a list that are the sha256 or have it as a member. */
function prune(value: unknown, sha256: string): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((item) => item !== sha256 && !(isObject(item) && Object.values(item).includes(sha256)));
}

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function withoutName(page: string, filenames: readonly string[]): string {
  const captions = filenames.map((name) => `<small>${escapeHtml(name)}</small>`);
  const headings = filenames.map((name) => `<tr><th>${escapeHtml(name)}</th>`);
  return page
    .replace(/<figure>.*?<\/figure>/gs, (figure) =>
      captions.some((caption) => figure.includes(caption)) ? '' : figure,
    )
    .replace(/<tr><th>.*?<\/tr>/gs, (row) => (headings.some((heading) => row.startsWith(heading)) ? '' : row));
}

/** Reads in chunks, since the list of a million photos is 600 MB. */
async function contains(path: string, needle: string): Promise<boolean> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const text = rest + (chunk as string);
    if (text.includes(needle)) return true;
    rest = text.slice(-needle.length);
  }
  return false;
}
