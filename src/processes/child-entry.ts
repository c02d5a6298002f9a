/**
 * URL of a module to fork, beside the module that forks it.
 * @param name as in the source, `./worker.ts`; in a build the file is `./worker.js`
 * @param from `import.meta.url` of the caller
 */
export function childEntry(name: `./${string}.ts`, from: string): URL {
  return new URL(from.endsWith('.ts') ? name : name.replace(/ts$/, 'js'), from);
}
