import { MitateError } from '../../errors/index.ts';
import { kindOf } from './read-base64.ts';
import { readInstance } from './read-instance.ts';
import { readJson } from './read-json.ts';
import { asObject, checkImages, type RequestContent, readAttributes } from './request-content.ts';

/**
 * The body of Vertex AI's and KServe's predict: `{"instances": [...], "parameters"?: {...}}`; KServe also takes `inputs` for
 * `instances`. Of the parameters, `attributes` and `class` are read, others ignored.
 *
 * @throws REQUEST_*
 */
export function readInstances(bytes: Uint8Array): RequestContent {
  const { inputs, parameters, ...body } = asObject(readJson(bytes), 'The body');
  const instances = body.instances ?? inputs;
  if (!Array.isArray(instances))
    throw new MitateError('REQUEST_SHAPE_INVALID', { where: 'instances', expected: 'a list', got: kindOf(instances) });
  const images = instances.map((instance, i) => readInstance(instance, `instances[${i}]`));
  checkImages(images, '{"instances": [{"b64": ...}]}');
  const { attributes, class: classLabel } = asObject(parameters ?? {}, 'parameters');
  return {
    images,
    attributes: readAttributes(attributes, 'parameters.attributes'),
    classLabel: typeof classLabel === 'string' ? classLabel : undefined,
  };
}
