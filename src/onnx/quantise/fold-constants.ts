import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnnxModel } from '../graph.ts';
import { readModel } from '../read-model.ts';
import { createSession } from '../session.ts';
import { writeModel } from '../write-model.ts';

/**
 * The model with constant parts evaluated and batch norms folded into convolutions, by ONNX Runtime's `basic` level, which writes ONNX's own
 * operators only. The values `kept` stay in the graph under their names.
 * @throws ONNX_REFUSED
 */
export async function foldedConstants(model: OnnxModel, kept: readonly string[]): Promise<OnnxModel> {
  const { graph } = model;
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const extra = kept.filter((name) => !outputs.has(name)).map((name) => ({ name, dtype: undefined, shape: undefined }));
  const bytes = writeModel({ ...model, graph: { ...graph, outputs: [...graph.outputs, ...extra] } });
  const folder = await mkdtemp(join(tmpdir(), 'mitate-fold-'));
  try {
    const path = join(folder, 'folded.onnx');
    const session = await createSession(bytes, { optimisation: 'basic', writeOptimisedTo: path });
    await session.release();
    const folded = readModel(await readFile(path));
    return { ...model, opsets: onlyUsed(folded), graph: { ...folded.graph, name: graph.name, outputs: graph.outputs } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** ONNX Runtime lists all of its domains. */
function onlyUsed({ opsets, graph }: OnnxModel): Map<string, number> {
  const domains = new Set(['', ...graph.nodes.map(({ domain }) => domain)]);
  return new Map([...opsets].filter(([domain]) => domains.has(domain)));
}
