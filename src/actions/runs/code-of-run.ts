import type { Config } from '../../config/index.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { realStart } from '../../files/may-touch.ts';
import { type OpenedProgram, openProgram } from '../../orchestrator/contained/open-program.ts';
import { definitionDigest } from '../../orchestrator/define/compile.ts';
import { codeDigestOf } from '../../orchestrator/release/collect-code.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Whether a pipeline file came with a release, and not by the operator's hand. */
export const isReleased = ({ workspace }: Pick<OpenStore, 'workspace'>, source: string): boolean =>
  isInside(realStart(workspace.releases), realStart(source));

/**
 * Loads the pipeline of a run in a process of its own. Code of a release is loaded only in a project that has the release, and runs only as the
 * definition that was released.
 * @throws RUN_PIPELINE_OUTSIDE, PIPELINE_FILE_INVALID, RELEASE_UNKNOWN, RELEASE_DIGEST_MISMATCH, RUN_CODE_ENDED, RUN_MEMORY_EXCEEDED
 */
export async function codeOfRun(
  { runs: limits }: Pick<Config, 'runs'>,
  store: Pick<OpenStore, 'workspace' | 'project' | 'releases'>,
  source: string,
  signal?: AbortSignal,
): Promise<OpenedProgram> {
  const { workspace, project } = store;
  const released = isReleased(store, source) ? await definitionsOf(store, source) : null;
  // what a run wrote is no pipeline of the operator's
  if (released === null && isInside(realStart(workspace.dir), realStart(source)))
    throw new MitateError('RUN_PIPELINE_OUTSIDE', { pipeline: source, folder: workspace.dir });
  const containment = { ...limits, workspace, project, isReleased: released !== null, ...(signal && { signal }) };
  const program = await openProgram(source, containment);
  return {
    ...program,
    async prepare(values) {
      const prepared = await program.prepare(values);
      const found = definitionDigest(prepared.definition);
      const [expected] = released ?? [];
      if (expected === undefined || released?.includes(found)) return prepared;
      throw new MitateError('RELEASE_DIGEST_MISMATCH', {
        release: program.name,
        what: 'definition digest',
        found,
        expected,
      });
    },
  };
}

/** Digests of the definitions that this project's releases of the code have. */
async function definitionsOf({ releases }: Pick<OpenStore, 'releases'>, source: string): Promise<string[]> {
  const code = await codeDigestOf(source);
  const same = code === null ? [] : await releases.list({ codeDigest: code });
  if (same.length === 0) throw new MitateError('RELEASE_UNKNOWN', { id: code ?? source });
  return same.map((release) => release.definitionDigest);
}
