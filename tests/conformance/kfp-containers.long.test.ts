import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { readTree } from '../../src/store/artifacts/tree-digest.ts';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';

/** A Python with the packages `kfp` and `docker`: python3 -m venv kfp && kfp/bin/pip install kfp==2.17.3 docker==7.2.0 */
const python = process.env.MITATE_TEST_KFP_PYTHON;
/** Folder where deploy/local-image.sh has built the image of these sources; default: it is built, in 10 minutes. */
const built = process.env.MITATE_TEST_IMAGES;

const root = fileURLToPath(new URL('../../', import.meta.url));

const needed = ['podman', 'runc', ...(built === undefined ? ['mmdebstrap'] : [])];
const missing = needed.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
if (process.getuid?.() !== 0) missing.push('root');
if (python === undefined) missing.push('MITATE_TEST_KFP_PYTHON');
if (missing.length > 0) console.warn(`The leaf pipeline is not run in containers: ${missing.join(', ')} missing.`);

const run = `
import json, os, sys
from kfp import components, local

compiled, pipeline_root, arguments = sys.argv[1:]
# the steps, as their unprivileged user, make their folders in the root
os.umask(0)
# Kubernetes puts the command in the place of the image's entrypoint, Docker after it
runner = local.DockerRunner(entrypoint=['/usr/bin/env'], network_mode='none', cap_drop=['ALL'], security_opt=['no-new-privileges'])
local.init(runner=runner, pipeline_root=pipeline_root, raise_on_error=True)
components.load_component_from_file(compiled)(**json.loads(arguments))
`;

it.skipIf(missing.length > 0)(
  'kfp.local runs the leaf pipeline in containers of the image to the model of mitate run (needs podman and MITATE_TEST_KFP_PYTHON)',
  async () => {
    using folder = new ScratchFolder();
    const place = built ?? folder.at('podman');
    if (built === undefined) {
      mkdirSync(place);
      const build = 'set -euo pipefail; folder=$0; . deploy/local-image.sh';
      execFileSync('bash', ['-c', build, place], { cwd: root, stdio: 'inherit' });
    }
    const storage = ['--root', `${place}/images`, '--runroot', `${place}/run`];
    const env = { ...process.env, CONTAINERS_CONF: `${place}/containers.conf` };
    const podman = (args: string[]) => execFileSync('podman', [...storage, ...args], { env, encoding: 'utf8' }).trim();

    // as docs/guides/engines.md has it
    const dockerfile = folder.at('Dockerfile');
    writeFileSync(dockerfile, 'FROM localhost/mitate\nCOPY pipeline.ts /app/\n');
    const options = ['--quiet', '--format', 'docker', '--network', 'host', '--pull=never', '-t', 'leaf'];
    podman(['build', ...options, '-f', dockerfile, `${root}/examples/leaf`]);
    const digest = podman(['image', 'inspect', '--format', '{{.Digest}}', 'leaf']);

    const pipelineRoot = folder.at('kfp');
    const images = `${pipelineRoot}/photos`;
    await writeSample(images, { photos: 120, seed: 1, size: 128 });
    // kfp.local cannot leave out an optional parameter that has no default
    const test = `${pipelineRoot}/test`;
    await writeSample(test, { photos: 30, seed: 2, size: 128 });
    chmodSync(folder.path, 0o755);
    chmodSync(pipelineRoot, 0o777);
    const mitate = (...args: string[]) =>
      podman(['run', '--rm', '--network', 'none', '-v', `${pipelineRoot}:${pipelineRoot}`, 'leaf', ...args]);
    const compiled = `${pipelineRoot}/leaf.yaml`;
    const image = `localhost/leaf@${digest}`;
    mitate('compile', '/app/pipeline.ts', '--target', 'kfp', '--image', image, '--output', compiled);
    const workspace = `${pipelineRoot}/workspace`;
    const parameters = ['--param', `images=${images}`, '--param', `test=${test}`];
    const said = mitate('run', '/app/pipeline.ts', ...parameters, '--json', '--workspace', workspace);
    const { steps } = JSON.parse(said.split('\n').at(-1)!) as RunSummary;
    const artifactsOf = (step: string) => steps.find(({ name }) => name === step)!.artifacts;
    const model = artifactsOf('trainer').model!;
    const pushed = artifactsOf('pusher').pushedModel!.properties.pushed === 1;

    const socket = folder.at('podman.sock');
    const service = spawn('podman', [...storage, 'system', 'service', '--time', '0', `unix://${socket}`], { env });
    try {
      while (!existsSync(socket)) await Promise.race([new Promise((done) => setTimeout(done, 50)), died(service)]);
      const script = folder.at('run.py');
      writeFileSync(script, run);
      execFileSync(python!, [script, compiled, pipelineRoot, JSON.stringify({ images, test })], {
        env: { ...env, DOCKER_HOST: `unix://${socket}` },
        stdio: 'inherit',
      });
    } finally {
      service.kill();
      if (service.exitCode === null) await once(service, 'exit');
    }
    const made = execFileSync('sh', ['-c', `echo ${pipelineRoot}/leaf-health-*/trainer/model`], { encoding: 'utf8' });
    expect(statSync(made.trim()).uid).toBe(10_001);
    expect((await readTree(made.trim())).digest).toBe(model.digest);
    // the gate opens for the same verdict
    expect(existsSync(made.trim().replace(/trainer\/model$/, 'pusher/pushedModel/intents.json'))).toBe(pushed);
  },
);

/** Rejects when the process ends. */
async function died(process: ReturnType<typeof spawn>): Promise<never> {
  const [code] = await once(process, 'exit');
  throw new Error(`podman system service ended with ${code}`);
}
