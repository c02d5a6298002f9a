import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { runHere } from '../support/run-here.ts';
import { program, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

function pathsOf(command: Command, above: string[] = []): { path: string[]; command: Command }[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return [{ path, command: child }, ...pathsOf(child, path)];
  });
}

describe('--help', () => {
  it('of the program names every command and the exit codes', async () => {
    const { code, stdout } = await sandbox.mitate('--help');
    expect(code).toBe(0);
    const all = await createProgram();
    for (const command of all.createHelp().visibleCommands(all)) expect(stdout).toContain(`  ${command.name()}`);
    expect(stdout).toContain(all.helpInformation());
    expect(stdout).toContain('0 success');
    expect(stdout).toContain('130 cancelled');
  });

  it('of every command says what it takes', async () => {
    const all = pathsOf(await createProgram());
    expect(all.length).toBeGreaterThan(25);
    for (const { path, command } of all) {
      const text = command.helpInformation();
      expect(text).toMatch(new RegExp(`^Usage: mitate ${path.join(' ')}`));
      expect(text).toContain('--workspace');
      expect(command.description()).not.toBe('');
    }
  });

  it('of a group and of a command, which makes no workspace', async () => {
    for (const path of [['model'], ['data', 'import'], ['predict']]) {
      const { code, stdout, stderr } = await runHere([...path, '--help', '--workspace', sandbox.at('.mitate')]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: mitate ${path.join(' ')}`));
      expect(stdout).toContain('--json');
    }
    expect(existsSync(sandbox.at('.mitate'))).toBe(false);
  });

  it('--version', async () => {
    expect((await sandbox.mitate('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('usage errors exit with 2 and say what is taken', () => {
  it.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['run'], /missing required argument 'pipeline'/],
    [['run', 'pipeline.ts', '--param', 'images'], /Expected name=value/],
    [['run', 'pipeline.ts', '--seed', '-1'], /whole number/],
    [['runs', 'show', '--colour'], /unknown option '--colour'/],
    [['evaluate'], /required option '--images <source>'/],
    [['data', 'export', '-o', 'out', '--format', 'parquet'], /Allowed choices are folder, tfrecord/],
    [['model', 'at', 'leaf-health', 'yesterday'], /Expected a date or time that exists, such as 2026-11-23/],
    [['models', '--processes', 'many'], /CONFIG_INVALID: .*--processes.*\nremedy: /],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await runHere(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });

  it('of the program too', async () => {
    const { code, stdout, stderr } = await sandbox.mitate('runs', 'show', '--colour');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("unknown option '--colour'");
  });
});

describe('where results go', () => {
  const here = (...args: string[]) => runHere([...args, '--workspace', sandbox.at('.mitate')]);

  it('nothing stored yet is said to people, and is no line of JSON', async () => {
    for (const [args, said] of [
      [['models'], /^No models yet\./],
      [['runs', 'list'], /^No runs yet\./],
      [['gc'], /^Nothing to delete\.\n$/],
    ] as const) {
      expect(await here(...args)).toMatchObject({ code: 0, stdout: expect.stringMatching(said), stderr: '' });
    }
    expect(await sandbox.json('models')).toEqual([]);
    expect(await here('runs', '--json')).toMatchObject({ code: 0, stdout: '' });
  });

  it('an error is one JSON object on stderr under --json', async () => {
    const { code, stdout, stderr } = await here('model', 'show', 'nobody', '--json');
    expect([code, stdout]).toEqual([1, '']);
    const { error } = JSON.parse(stderr) as { error: Record<string, string> };
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', message: expect.any(String), remedy: expect.any(String) });
  });

  it('a reader that goes away ends the program without a word', async () => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${program}" help | head -n 1`], { cwd: sandbox.path });
    let [out, err] = ['', ''];
    shell.stdout.on('data', (text) => (out += text));
    shell.stderr.on('data', (text) => (err += text));
    await new Promise((resolve) => shell.once('close', resolve));
    expect([out, err]).toEqual(['Usage: mitate [options] [command]\n', '']);
  });
});

describe('a Node that is too old', () => {
  const old = ['/usr/bin/node', '/usr/local/bin/node', '/opt/node20/bin/node'].filter(existsSync);

  it('is told so by old JavaScript, with what to do', async () => {
    // The version is read from process.versions, so it can be set before the program is loaded.
    const claim = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });";
    const { code, stderr } = await run(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(claim)}`,
      program,
      'doctor',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mitate needs Node 22\.18 or newer; this is Node 20\.20\.2 .*\nTo fix it: /);
  });

  it.skipIf(old.length === 0)('on this system', async () => {
    const { code, stderr } = await run(old[0]!, [program, '--version']);
    const { stdout: version } = await run(old[0]!, ['-p', 'process.versions.node']);
    const [major, minor] = version.split('.').map(Number);
    const isOld = major! < 22 || (major === 22 && minor! < 18);
    expect(code).toBe(isOld ? 2 : 0);
    if (isOld) expect(stderr).toContain('To fix it: ');
  });

  async function run(node: string, args: string[]) {
    const child = spawn(node, args, { cwd: sandbox.path });
    const ran = { code: null as number | null, stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (ran.stdout += text));
    child.stderr.on('data', (text) => (ran.stderr += text));
    ran.code = await new Promise((resolve) => child.once('close', resolve));
    return ran;
  }
});

it('the program that npm links is executable and names node', async () => {
  expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(program).mode & 0o111).not.toBe(0);
});
