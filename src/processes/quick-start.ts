/** Loaded before anything else, by `bin/mitate.js` and in every forked process: two thirds of a start are finding and compiling modules. */
import module from 'node:module';

const here = new URL('../', import.meta.url).href;
const inPackages = /\/node_modules\/(drizzle-orm|zod)\//;

module.enableCompileCache();
// Node looks for the package of each module, and Node 24 parses its whole package.json every time: 179 kB, 107 times, for drizzle-orm.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context;
    const isKnown = parentURL.startsWith(here) || (inPackages.test(parentURL) && !parentURL.endsWith('.cjs'));
    if (!specifier.startsWith('.') || !isKnown || !/\.[jt]s$/.test(specifier)) return next(specifier, context);
    const format = specifier.endsWith('.ts') ? 'module-typescript' : 'module';
    return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
  },
});
