// Runs a pipeline in a process that can be killed: node child.ts <workspace> <pipeline file> <parameters as JSON>. Events go out as JSON lines.
import { writeSync } from 'node:fs';
import { loadPipeline } from '../../src/orchestrator/define/load-pipeline.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../../src/store/open-store.ts';

const [workspace, source, parameters] = process.argv.slice(2) as [string, string, string];
const pipeline = await loadPipeline(source);
await using store = await openStore({ workspace });
const onEvent = (event: unknown) => writeSync(1, `${JSON.stringify(event)}\n`);
await runPipeline(pipeline, {
  store,
  workspace,
  source,
  parameters: JSON.parse(parameters),
  processes: 1,
  maxParallel: 1,
  onEvent,
});
