import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bench as accuracy } from './accuracy.ts';
import { bench as pages } from './console.ts';
import { bench as decode } from './decode.ts';
import { bench as embedding } from './embedding.ts';
import { benches as feedback } from './feedback.ts';
import type { Bench, BenchOptions, Figure } from './figure.ts';
import { bench as int8 } from './int8.ts';
import { bench as launcher } from './launcher.ts';
import { bench as memory } from './memory.ts';
import { bench as peers } from './peers.ts';
import { bench as pipeline } from './pipeline.ts';
import { bench as scale } from './scale.ts';
import { bench as serve } from './serve.ts';
import { bench as tuner } from './tuner.ts';
import { benches as verdicts } from './verdicts.ts';

const benches: readonly Bench[] = [
  decode,
  embedding,
  launcher,
  pipeline,
  memory,
  accuracy,
  int8,
  serve,
  peers,
  tuner,
  pages,
  scale,
  ...feedback,
  ...verdicts,
];
const results = new URL('./RESULTS.md', import.meta.url);
const beside = fileURLToPath(new URL('../../shared/data', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    record: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    workspace: { type: 'string' },
    scale: { type: 'string', default: '1' },
    source: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const options: BenchOptions = {
  only: values.only,
  workspace: values.workspace ? resolve(values.workspace) : null,
  scale: Number(values.scale),
  source: values.source,
  profile: values.profile ? resolve(values.profile) : null,
};
const data = values.data ? resolve(values.data) : existsSync(beside) ? beside : null;
/** `feedback` asks for all of `feedback/...`, `--only power` for those of that name. */
const isAsked = (name: string) =>
  positionals.some((asked) => name === asked || (name.startsWith(`${asked}/`) && isOnly(name)));
const isOnly = (name: string) => values.only.length === 0 || values.only.some((only) => name.endsWith(`/${only}`));
const unknown = positionals.filter(
  (asked) => !benches.some(({ name }) => name === asked || name.startsWith(`${asked}/`)),
);
if (unknown.length)
  throw new Error(`no bench "${unknown.join(', ')}"; there are: ${benches.map(({ name }) => name).join(', ')}`);
const chosen = benches.filter(({ name }) => positionals.length === 0 || isAsked(name));
if (chosen.length === 0) throw new Error(`nothing is called ${values.only.join(', ')}`);
const isWhole = (name: string) => values.scale === '1' && (values.only.length === 0 || name.includes('/'));
if (values.record && !chosen.every(({ name }) => isWhole(name)))
  throw new Error('a part, or a shortened measurement, is not recorded: leave out --only and --scale');

for (const bench of chosen) {
  console.log(`\n## ${bench.name}: ${bench.about}`);
  const scratch = await mkdtemp(join(tmpdir(), `mitate-bench-${bench.name.replace('/', '-')}-`));
  try {
    const figures = await bench.run({ data, scratch, log: (text) => console.log(`  ${text}`), options });
    const table = markdown(figures);
    console.log(`\n${table}`);
    if (values.record) await record(bench, table);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function markdown(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, got, toReach, met, ceiling, note }) =>
    [what, got, toReach, met === null ? '' : met ? 'met' : '**missed**', ceiling ?? '', note ?? ''].join(' | '),
  );
  return [
    '| what | got | to reach | | ceiling, same run | note |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** Replaces this bench's section of RESULTS.md. */
async function record({ name, about }: Bench, table: string): Promise<void> {
  const before = existsSync(results)
    ? await readFile(results, 'utf8')
    : '# Results\n\nWritten by `npm run bench -- --record`.\n';
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
  const section = `## ${name}\n${about}.\n\n${new Date().toISOString().slice(0, 10)}, ${machine}.\n\n${table}\n`;
  const pattern = new RegExp(`^## ${name}\\n[\\s\\S]*?(?=^## |(?![\\s\\S]))`, 'm');
  await writeFile(
    results,
    pattern.test(before) ? before.replace(pattern, () => `${section}\n`) : `${before.trimEnd()}\n\n${section}`,
  );
}
