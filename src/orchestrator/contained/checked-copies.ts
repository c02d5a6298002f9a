import { resolve } from 'node:path';
import type { ComponentModule } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { realStart } from '../../files/may-touch.ts';
import type { AnyComponent } from '../define/step.ts';

/**
 * A component of a release, whose result is checked: a model is copied with the worker's rights and may have any files, so in the pipelines folder the
 * copy would run as the operator's.
 * @param writes folders to which models may be copied
 */
export function checkedCopies(step: string, component: AnyComponent, writes: readonly string[]): AnyComponent {
  const load = async (): Promise<ComponentModule> => {
    const module = await component.load();
    const run: ComponentModule['run'] = async (context) => {
      const result = await module.run(context);
      for (const intent of result.intents ?? []) requireAllowed(step, intent, writes);
      return result;
    };
    return { ...module, run };
  };
  return { ...component, load };
}

/** @param intent not checked yet @throws RUN_CODE_DENIED */
function requireAllowed(step: string, intent: unknown, writes: readonly string[]): void {
  const { destination } = (intent ?? {}) as { destination?: unknown };
  if (destination === undefined) return;
  const path = realStart(resolve(String(destination)));
  const isAllowed = writes.map(realStart).some((folder) => folder === path || isInside(folder, path));
  if (!isAllowed) throw new MitateError('RUN_CODE_DENIED', { step, denied: String(destination) });
}
