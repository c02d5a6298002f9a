import { dirname, resolve } from 'node:path';
import { isUrl } from '../../codecs/url-place.ts';
import type { RunOrder } from '../../contracts/run-order.ts';
import type { Pipeline } from '../../orchestrator/define/define-pipeline.ts';
import { type Confinement, confinePlace } from '../places/confine.ts';

/**
 * The parameters of an order; every `uri` of one that came over HTTP is inside the data roots, or the pipeline's own default, which a run that is
 * asked for again gives like any other value.
 * @throws PLACE_OUTSIDE
 */
export async function confinedParameters(
  config: Confinement['config'],
  { parameters: definitions }: Pick<Pipeline, 'parameters'>,
  { project, parameters, isConfined, source }: RunOrder,
): Promise<RunOrder['parameters']> {
  if (!isConfined) return parameters;
  const isDefault = (name: string, value: string) => {
    const usual = definitions[name]?.default;
    return typeof usual === 'string' && value === (isUrl(usual) ? usual : resolve(dirname(source), usual));
  };
  const confined = { ...parameters };
  for (const [name, value] of Object.entries(parameters))
    if (definitions[name]?.type === 'uri' && typeof value === 'string' && value !== '' && !isDefault(name, value))
      confined[name] = await confinePlace({ config, project }, value);
  return confined;
}
