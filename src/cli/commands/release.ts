import type { Command } from 'commander';
import { releaseEnvironment } from '../../actions/releases/environments.ts';
import { type ReleasedPipeline, releasedPipeline, releasePipeline } from '../../actions/releases/release.ts';
import { toReleaseFile } from '../../actions/releases/release-file.ts';
import { listReleases, releaseDetails } from '../../actions/releases/releases.ts';
import { type SendRequest, sendRelease } from '../../actions/releases/send.ts';
import { withStore } from '../../actions/with-store.ts';
import { idTokens } from '../../config/continuous-integration.ts';
import { action, type Cli } from '../cli.ts';
import { withOutput } from '../options/output-option.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { collectParameter } from '../options/pipeline-parameter.ts';
import { byteSize } from '../output/duration.ts';
import { moment } from '../output/moment.ts';
import { safeText } from '../output/safe-text.ts';
import { writeOutput } from '../output/write-output.ts';

interface Place {
  env?: string;
}

export function registerRelease(program: Command): void {
  const release = program.command('release').description('manage releases of pipelines: make, list, show, send');
  registerMake(release);
  registerList(release);
  registerShow(release);
  registerSend(release);
}

const environmentOption = ['--env <name>', 'environment of mitate.config.ts (default: this workspace)'] as const;

function registerMake(release: Command): void {
  const command = release
    .command('make <pipeline>', { isDefault: true })
    .description('release a pipeline after a successful run: its definition, parameters, code and commit')
    .option(...environmentOption);
  withOutput(command, { description: 'also write the release to a file', old: 'out' });
  action(command, async ({ config, output, by }, file: string, flags: Place & { output?: string }) => {
    const place = await releaseEnvironment(config, flags.env);
    const released = await withStore(place.config, { attach: true }, (store) =>
      releasePipeline(store, { file, environment: place.name, actor: by.actor }),
    );
    if (flags.output) await writeReleaseFile(flags.output, released);
    output.json({ ...released.release, bundleBytes: released.bundle.length, proofs: released.proofs.length });
    output.line(output.style('bold', released.release.id));
    output.line(`${byteSize(released.bundle.length)} of code, tested by run ${released.release.runId}`);
    if (released.release.gitCommit === null)
      output.note('No Git commit: the pipeline is outside a repository, or has uncommitted changes.');
    if (released.proofs.length === 0) output.note(`Not tested. Run: mitate test-pipeline ${file}`);
  });
}

function registerList(release: Command): void {
  const command = release
    .command('list')
    .description('list releases, newest first')
    .option(...environmentOption)
    .option('--pipeline <name>', 'only this pipeline')
    .option('--limit <n>', 'maximum number of releases', wholeNumber, 20);
  action(command, async ({ config, output }, flags: Place & { pipeline?: string; limit: number }) => {
    const { pipeline, limit } = flags;
    const place = await releaseEnvironment(config, flags.env);
    const found = await withStore(place.config, { attach: true }, (store) =>
      listReleases(store, { ...(pipeline && { pipeline }), limit }),
    );
    output.list(found, 'No releases yet. Create one with "mitate release <pipeline.ts>".', (each) => ({
      RELEASE: each.id,
      PIPELINE: each.pipeline,
      ENVIRONMENT: each.environment,
      CREATED: moment(each.createdAt),
      BY: each.who,
      COMMIT: each.gitCommit?.slice(0, 12) ?? '–',
    }));
  });
}

function registerShow(release: Command): void {
  const command = release
    .command('show <release>')
    .description('show contents and deployments of a release (id prefix, or "latest")')
    .option(...environmentOption);
  withOutput(command, { description: 'write the release to a file', old: 'out' });
  action(command, async (cli, id: string, flags: Place & { output?: string }) => {
    const { config, output } = cli;
    const place = await releaseEnvironment(config, flags.env);
    const { details, released } = await withStore(place.config, { attach: true }, async (store) => ({
      details: await releaseDetails(store, id),
      released: await releasedPipeline(store, id),
    }));
    if (flags.output) await writeReleaseFile(flags.output, released);
    output.json({ ...details, proofs: released.proofs });
    printRelease(cli, released);
    output.table(
      ['DEPLOYED TO', 'STAGE', 'TIME', 'BY', 'VIA', 'APPROVED BY', 'RUN', 'STATE', 'SAME DEFINITION'],
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
      'Not deployed yet.',
    );
  });
}

function printRelease({ output }: Cli, { release, proofs }: ReleasedPipeline): void {
  output.line(output.style('bold', release.id));
  output.line(`definition ${release.definitionDigest.slice(0, 12)}  code ${release.codeDigest.slice(0, 12)}`);
  output.line(
    `commit ${safeText(release.gitCommit ?? '–')}  run ${safeText(release.runId ?? '–')}  created ${moment(release.createdAt)} by ${safeText(release.who)}`,
  );
  output.line(`parameters ${safeText(JSON.stringify(release.parameters))}`);
  for (const { passed, at, ci } of proofs)
    output.line(`tested ${moment(at)}${ci ? ` in ${safeText(ci)}` : ''}: ${passed ? 'passed' : 'FAILED'}`);
}

async function writeReleaseFile(path: string, released: ReleasedPipeline): Promise<void> {
  await writeOutput(path, `${JSON.stringify(toReleaseFile(released))}\n`);
}

function registerSend(release: Command): void {
  const command = release
    .command('send <file>')
    .description('send a release file to the signed webhook of a server; MITATE_RELEASE_SECRET holds the secret')
    .requiredOption('--to <url>', 'URL of the server')
    .requiredOption('--branch <name>', 'branch of the release')
    .requiredOption('--approver <name>', 'user of that server who approves the release')
    .option('--env <name>', 'environment name of the server', 'prod')
    .option('--stage <stage>', 'dev, test, pre-production or production', 'production')
    .option('--param <name=value>', 'override a parameter of the release (repeatable)', collectParameter, {});
  action(command, async ({ config, output }, file: string, flags: Omit<SendRequest, 'idTokens'>) => {
    const { release, start } = await sendRelease(config, file, { ...flags, idTokens: idTokens() });
    output.json({ release: release.id, runId: start.runId });
    output.line(`Sent ${release.id}; its run is ${start.runId}.`);
  });
}
