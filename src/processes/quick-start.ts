/** Loaded before anything else, by `bin/mitate.js` and in every forked process: two thirds of a start are finding and compiling modules. */
import module, { type ResolveFnOutput } from 'node:module';
import './no-inspector.ts';

const here = new URL('../', import.meta.url).href;
const inPackages = /\/node_modules\/(drizzle-orm|zod)\//;
const packages = new Map<string, ResolveFnOutput>();

module.enableCompileCache();
// Node looks for the package of each module, and Node 24 parses its whole package.json every time: 179 kB, 107 times, for drizzle-orm.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context;
    const isOurs = parentURL.startsWith(here);
    const isKnown = isOurs || (inPackages.test(parentURL) && !parentURL.endsWith('.cjs'));
    if (isKnown && specifier.startsWith('.') && /\.[jt]s$/.test(specifier)) {
      const format = specifier.endsWith('.ts') ? 'module-typescript' : 'module';
      return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
    }
    // a package is the same for all of our modules
    if (!isOurs || !context.conditions.includes('import')) return next(specifier, context);
    const found = packages.get(specifier) ?? next(specifier, context);
    if (!specifier.startsWith('.')) packages.set(specifier, found);
    return { ...found, shortCircuit: true };
  },
});
