import type { RunOrder } from '../../contracts/run-order.ts';
import type { Pipeline } from '../../orchestrator/define/define-pipeline.ts';
import { type Confinement, confinePlace } from '../places/confine.ts';

/** The parameters of an order; every `uri` of one that came over HTTP is inside the data roots. @throws PLACE_OUTSIDE */
export async function confinedParameters(
  config: Confinement['config'],
  { parameters: definitions }: Pick<Pipeline, 'parameters'>,
  { project, parameters, isConfined }: RunOrder,
): Promise<RunOrder['parameters']> {
  if (!isConfined) return parameters;
  const confined = { ...parameters };
  for (const [name, value] of Object.entries(parameters))
    if (definitions[name]?.type === 'uri' && typeof value === 'string' && value !== '')
      confined[name] = await confinePlace({ config, project }, value);
  return confined;
}
