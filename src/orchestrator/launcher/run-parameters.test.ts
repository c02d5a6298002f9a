import { describe, expect, it } from 'vitest';
import { definePipeline } from '../define/define-pipeline.ts';
import { param } from '../define/parameter.ts';
import { resolveRunParameters } from './run-parameters.ts';

const parameters = {
  images: param.uri(),
  test: param.uri().optional(),
  sample: param.uri().default('sample'),
  epochs: param.integer().default(40),
  share: param.number().default(0.5),
  deep: param.boolean().default(false),
  kind: param.choice('mlp', 'logistic').default('mlp'),
};
const pipeline = definePipeline('leaf', parameters, () => {});
const bases = { cwd: '/work', source: '/project/pipeline.ts' };

describe('resolveRunParameters', () => {
  it('fills in defaults; given paths are relative to the working folder, default paths to the pipeline file', () => {
    expect(resolveRunParameters(pipeline, { images: '../photos' }, bases)).toEqual({
      images: '/photos',
      sample: '/project/sample',
      epochs: 40,
      share: 0.5,
      deep: false,
      kind: 'mlp',
    });
  });

  it('parses strings by type, and leaves URLs unchanged', () => {
    const given = { images: 'https://x.org/a.zip', epochs: '3', share: '0.25', deep: 'true', kind: 'logistic' };
    expect(resolveRunParameters(pipeline, given, bases)).toMatchObject({
      images: 'https://x.org/a.zip',
      epochs: 3,
      share: 0.25,
      deep: true,
      kind: 'logistic',
    });
  });

  it('names everything that is wrong, and the known parameters', () => {
    const given = { imags: 'x', epochs: '3.5', share: 'half', deep: 'yes', kind: 'svm' };
    const attempt = () => resolveRunParameters(pipeline, given, bases);
    expect(attempt).toThrow(
      'unknown parameter "imags" (did you mean "images"?); "images" is missing; "epochs" must be a whole number, got "3.5"; ' +
        '"share" must be a number, got "half"; "deep" must be true or false, got "yes"; "kind" must be one of mlp, logistic, got "svm"',
    );
    expect(attempt).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('takes images, [test], [sample]') }),
    );
  });
});
