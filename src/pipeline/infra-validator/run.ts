import { writeBlessing } from '../../artifacts/blessing/files.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { infraValidatorSpec } from './spec.ts';
import { validateModel } from './validate-model.ts';

type Spec = typeof infraValidatorSpec;

/** A negative verdict is a result, not an error: the Pusher then pushes nothing. */
export async function run({ inputs, outputs, parameters, logger, signal }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const examplesUri = inputs.examples?.uri;
  const blessing = await validateModel(inputs.model.uri, { budget: parameters, examplesUri, signal });
  for (const { passed, name, code, message } of blessing.checks)
    if (!passed) logger.error(message ?? name, { check: name, code });
  await writeBlessing(outputs.infraBlessing, blessing, 'infra');
  return {
    properties: {
      infraBlessing: {
        blessed: blessing.blessed ? 1 : 0,
        blessing_message: blessing.message,
        current_model_id: inputs.model.id,
      },
    },
    summary: blessing.blessed ? `blessed: ${blessing.message}` : `not blessed: ${blessing.message}`,
  };
}
