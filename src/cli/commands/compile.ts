import { type Command, InvalidArgumentError, Option } from 'commander';
import { compileForEngine, engines } from '../../actions/runs/compile-pipeline.ts';
import { type ArtifactAccess, artifactAccesses } from '../../orchestrator/engine/artifact-access.ts';
import { action } from '../cli.ts';
import { parseNumber } from '../options/parse-number.ts';
import { safeText } from '../output/safe-text.ts';
import { writeOutput } from '../output/write-output.ts';

interface Flags {
  target: (typeof engines)[number];
  image: string;
  pathInImage?: string;
  cpu: number;
  memory: number;
  root?: string;
  artifacts: ArtifactAccess;
  output?: string;
}

export function registerCompile(program: Command): void {
  const command = program
    .command('compile <pipeline>')
    .description('compile a pipeline file for Kubeflow Pipelines (YAML) or Vertex AI (JSON of a PipelineJob)')
    .addOption(new Option('--target <engine>', 'engine that runs it').choices(engines).makeOptionMandatory())
    .requiredOption('--image <name@digest>', 'image with Mitate and the pipeline file, by its digest')
    .option('--path-in-image <file>', 'path of the pipeline file in the image (default: its name in /app)')
    .option('--cpu <cores>', 'cores of each step', aboveZero, 2)
    .option('--memory <gigabytes>', 'memory of each step', aboveZero, 4)
    .option('--root <uri>', 'where the engine puts artifacts: gs://bucket/folder (Vertex AI needs it)')
    .addOption(
      new Option('--artifacts <access>', 'how steps reach artifacts: in mounted folders, or by the API of the storage')
        .choices(artifactAccesses)
        .default('mounted'),
    )
    .option('-o, --output <file>', 'file to write to (default: standard output)');
  action(command, async ({ output }, file: string, flags: Flags) => {
    const compiled = await compileForEngine({ file, ...flags });
    if (flags.output === undefined) {
      output.json({ target: flags.target, compiled });
      return output.line(compiled.trimEnd());
    }
    await writeOutput(flags.output, compiled);
    output.json({ file: flags.output, target: flags.target });
    output.line(`Compiled for ${flags.target}: ${safeText(flags.output)}`);
  });
}

function aboveZero(text: string): number {
  const number = parseNumber(text);
  if (number <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}
