import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { root } from './cli.ts';

/** What a user of the published package has: an empty folder and the npm registry. */
describe('the packed package, installed into an empty folder', () => {
  const folder = new ScratchFolder();
  // npx finds the Node of the project; before it is installed there, this one
  const path = `${dirname(process.execPath)}:${process.env.PATH}`.replaceAll(`${root}node_modules/.bin`, '');
  const { npm_config_local_prefix: _, npm_package_json: __, ...inherited } = process.env;
  const env = { ...inherited, PATH: path };
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      cwd: folder.at('project'),
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const mitate = (...args: string[]) => run('npx', 'mitate', ...args);

  beforeAll(() => {
    folder.write('project/leaves.txt', 'photos to come');
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder.path], { cwd: root });
    run('npm', 'init', '-y');
    // would fetch CUDA files from another host, and fail without it
    run('npm', 'install', join('..', packed()));
  });

  const packed = () => readdirSync(folder.path).find((name) => name.endsWith('.tgz'))!;

  it('has no install script of ONNX Runtime, no tests, and the files for deployment', () => {
    const own = folder.at('project/node_modules/mitate');
    const { scripts } = JSON.parse(readFileSync(join(own, 'node_modules/onnxruntime-node/package.json'), 'utf8'));
    expect(scripts.postinstall).toBeUndefined();
    expect(existsSync(join(own, 'deploy/Dockerfile'))).toBe(true);
    expect(readdirSync(join(own, 'dist'), { recursive: true }).filter((name) => /\.test\./.test(`${name}`))).toEqual(
      [],
    );
  });

  it('starts a project whose pipeline trains', () => {
    expect(mitate('init', '.')).toMatch(/pipeline\.ts/);
    run('npm', 'install');
    run('npm', 'run', 'sample');
    expect(run('npm', 'start')).toMatch(/leaf-health@1/);
  });

  it('compiles the pipeline, and not one that is wired wrongly', () => {
    run('npm', 'run', 'check');
    const file = folder.at('project/pipeline.ts');
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, sound.replace('schemaGen({ statistics })', 'schemaGen({ statistics: examples })'));
    expect(() => run('npm', 'run', 'check')).toThrow(/Command failed/);
    writeFileSync(file, sound);
  });

  it('serves the model', async () => {
    const port = await freePort();
    const server = spawn('node_modules/.bin/mitate', ['serve', '--json', '--port', `${port}`], {
      cwd: folder.at('project'),
      env,
    });
    onTestFinished(() => void server.kill());
    const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
    const photo = join('photos', 'elm_healthy', readdirSync(folder.at('project/photos/elm_healthy'))[0]!);
    const said = execFileSync(
      'npx',
      ['mitate', 'predict', photo, '--endpoint', `http://127.0.0.1:${port}/leaf-health`, '--json'],
      { cwd: folder.at('project'), env: { ...env, MITATE_API_KEY: JSON.parse(line).firstKey }, encoding: 'utf8' },
    );
    expect(JSON.parse(said)).toMatchObject({ label: expect.stringMatching(/healthy|unwell/) });
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  });
});
