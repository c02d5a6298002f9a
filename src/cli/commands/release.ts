import type { Command } from 'commander';
import { type ReleasedPipeline, releasedPipeline, releasePipeline } from '../../actions/releases/release.ts';
import { releaseDetails } from '../../actions/releases/releases.ts';
import { withStore } from '../../actions/with-store.ts';
import { actor } from '../access.ts';
import { action, type Cli } from '../cli.ts';
import { triedIn } from '../environments.ts';
import { moment } from '../output/moment.ts';
import { safeText } from '../output/safe-text.ts';
import { writeReleaseFile } from '../release-file.ts';
import { sendRelease } from '../send-release.ts';
import { collectParameter, wholeNumber } from './run.ts';

interface Place {
  env?: string;
}

export function registerRelease(program: Command): void {
  const release = program
    .command('release')
    .description('freeze a pipeline that ran well, and look at what was frozen: make, list, show, send');
  registerMake(release);
  registerList(release);
  registerShow(release);
  registerSend(release);
}

const environmentOption = [
  '--env <name>',
  'environment of mitate.config.ts that it ran in (default: this workspace)',
] as const;

function registerMake(release: Command): void {
  const command = release
    .command('make <pipeline>', { isDefault: true })
    .description('freeze definition, parameters, code and commit after a good run')
    .option(...environmentOption)
    .option('--out <file>', 'also write it to a file, to be brought elsewhere');
  action(command, async ({ config, output }, file: string, flags: Place & { out?: string }) => {
    const place = await triedIn(config, flags.env);
    const released = await withStore(place.config, { attach: true }, (store) =>
      releasePipeline(store, { file, environment: place.name, actor: actor() }),
    );
    if (flags.out) await writeReleaseFile(flags.out, released);
    output.json({ ...released.release, bundleBytes: released.bundle.length, proofs: released.proofs.length });
    output.line(output.style('bold', released.release.id));
    output.line(`${released.bundle.length} bytes of code, tried by run ${released.release.runId}`);
    if (released.release.gitCommit === null)
      output.note('Not of a commit: it is outside a repository, or was changed since.');
    if (released.proofs.length === 0) output.note(`Not tested: mitate test-pipeline ${file}`);
  });
}

function registerList(release: Command): void {
  const command = release
    .command('list')
    .description('newest first')
    .option(...environmentOption)
    .option('--pipeline <name>', 'of this pipeline only')
    .option('--limit <n>', 'at most so many', wholeNumber, 20);
  action(command, async ({ config, output }, flags: Place & { pipeline?: string; limit: number }) => {
    const { pipeline, limit } = flags;
    const place = await triedIn(config, flags.env);
    const found = await withStore(place.config, { attach: true }, ({ releases }) =>
      releases.list({ ...(pipeline && { pipeline }), limit }),
    );
    for (const each of found) output.json(each);
    if (found.length === 0) return output.line('No releases yet. "mitate release <pipeline.ts>" makes one.');
    output.table(
      ['RELEASE', 'PIPELINE', 'ENVIRONMENT', 'MADE', 'BY', 'COMMIT'],
      found.map((each) => [
        each.id,
        each.pipeline,
        each.environment,
        moment(each.createdAt),
        each.who,
        each.gitCommit?.slice(0, 12) ?? '–',
      ]),
    );
  });
}

function registerShow(release: Command): void {
  const command = release
    .command('show <release>')
    .description('what it consists of, and where it was brought (the beginning of its id is enough; or "latest")')
    .option(...environmentOption)
    .option('--out <file>', 'write it to a file, to be brought elsewhere');
  action(command, async (cli, id: string, flags: Place & { out?: string }) => {
    const { config, output } = cli;
    const place = await triedIn(config, flags.env);
    const { details, released } = await withStore(place.config, { attach: true }, async (store) => ({
      details: await releaseDetails(store, id),
      released: await releasedPipeline(store, id),
    }));
    if (flags.out) await writeReleaseFile(flags.out, released);
    output.json({ ...details, proofs: released.proofs });
    printRelease(cli, released);
    output.table(
      ['BROUGHT TO', 'STAGE', 'AT', 'BY', 'VIA', 'APPROVED BY', 'RUN', 'STATE', 'SAME DEFINITION'],
      details.starts.map(({ environment, stage, at, who, via, approver, runId, state, isSameDefinition }) => [
        environment,
        stage,
        moment(at),
        who,
        via,
        approver,
        runId,
        state,
        isSameDefinition === null ? '' : isSameDefinition ? 'yes' : 'NO',
      ]),
    );
  });
}

function printRelease({ output }: Cli, { release, proofs }: ReleasedPipeline): void {
  output.line(output.style('bold', release.id));
  output.line(`definition ${release.definitionDigest.slice(0, 12)}  code ${release.codeDigest.slice(0, 12)}`);
  output.line(
    `commit ${safeText(release.gitCommit ?? '–')}  run ${safeText(release.runId ?? '–')}  made ${moment(release.createdAt)} by ${safeText(release.who)}`,
  );
  output.line(`parameters ${safeText(JSON.stringify(release.parameters))}`);
  for (const { passed, at, ci } of proofs)
    output.line(`tested ${moment(at)}${ci ? ` in ${safeText(ci)}` : ''}: ${passed ? 'passed' : 'FAILED'}`);
}

interface SendFlags {
  to: string;
  branch: string;
  approver: string;
  env: string;
  stage: string;
  project: string;
  param: Record<string, string>;
}

function registerSend(release: Command): void {
  const command = release
    .command('send <file>')
    .description('announce a release file to a server by its signed webhook; MITATE_RELEASE_SECRET holds the secret')
    .requiredOption('--to <url>', 'of the server')
    .requiredOption('--branch <name>', 'that it was built from')
    .requiredOption('--approver <name>', 'person of that server who lets it through')
    .option('--env <name>', 'what the server is called', 'prod')
    .option('--stage <stage>', 'dev, test, pre-production or production', 'production')
    .option('--param <name=value>', 'in place of one of the release (may be repeated)', collectParameter, {});
  action(command, async ({ config, output }, file: string, flags: SendFlags) => {
    const { release, start } = await sendRelease(config, file, { ...flags, project: config.project });
    output.json({ release: release.id, runId: start.runId });
    output.line(`${release.id} has landed; its run is ${start.runId}.`);
  });
}
