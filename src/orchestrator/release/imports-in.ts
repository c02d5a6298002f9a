import { init, parse } from 'es-module-lexer';

export interface ModuleNeeds {
  /** Specifiers as written, without type-only imports. */
  imports: string[];
  /** Files named by `new URL('./x', import.meta.url)`. */
  files: string[];
  /** An `import(...)` or URL whose name is not a literal, so what it loads is unknown. */
  unknown: string | null;
}

const typesOnly = /^(?:import|export)\s+type\s*[\s{*]/;
const urls = /new\s+URL\(\s*(['"`])(\.{1,2}\/[^'"`\n]+)\1\s*,\s*import\.meta\.url\s*\)/g;

/** @throws Error with the lexer's message when it is not a module */
export async function importsIn(source: string): Promise<ModuleNeeds> {
  await init;
  const [found] = parse(source);
  const needs: ModuleNeeds = { imports: [], files: [], unknown: null };
  for (const each of found) {
    if (each.type === 'import-meta') continue;
    const written = source.slice(each.importStart, each.importEnd);
    if (typesOnly.test(written)) continue;
    if (each.specifier === undefined || each.specifier === null) needs.unknown ??= written;
    else needs.imports.push(each.specifier);
  }
  for (const [text, quote, path = ''] of source.matchAll(urls))
    if (quote === '`' && path.includes('${')) needs.unknown ??= text;
    else needs.files.push(path);
  return needs;
}
