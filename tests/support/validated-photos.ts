import type { z } from 'zod';
import { readAnomalies } from '../../src/artifacts/anomalies/require-valid-data.ts';
import { readStatistics } from '../../src/artifacts/statistics/read-statistics.ts';
import type { exampleGenSpec } from '../../src/pipeline/example-gen/spec.ts';
import { run as validate } from '../../src/pipeline/example-validator/run.ts';
import { exampleValidatorSpec } from '../../src/pipeline/example-validator/spec.ts';
import { run as inferSchema } from '../../src/pipeline/schema-gen/run.ts';
import { schemaGenSpec } from '../../src/pipeline/schema-gen/spec.ts';
import { run as statisticsOf } from '../../src/pipeline/statistics-gen/run.ts';
import { statisticsGenSpec } from '../../src/pipeline/statistics-gen/spec.ts';
import { artifactAt, runComponent } from './run-component.ts';
import { runExampleGen } from './run-example-gen.ts';
import type { ScratchFolder } from './scratch-folder.ts';

/** What `mitate data import` runs: ExampleGen, StatisticsGen, SchemaGen, ExampleValidator. */
export async function validatedPhotos(scratch: ScratchFolder, parameters: z.input<typeof exampleGenSpec.parameters>) {
  const made = await runExampleGen(scratch, parameters);
  const examples = artifactAt('Examples', made.uri);
  const counted = await runComponent(statisticsGenSpec, statisticsOf, scratch.path, { inputs: { examples } });
  const statistics = artifactAt('ExampleStatistics', counted.outputs.statistics!);
  const inferred = await runComponent(schemaGenSpec, inferSchema, scratch.path, { inputs: { statistics } });
  const schema = artifactAt('Schema', inferred.outputs.schema!);
  const inputs = { statistics, schema };
  const validated = await runComponent(exampleValidatorSpec, validate, scratch.path, { inputs });
  return {
    ...made,
    statistics: await readStatistics(statistics.uri),
    schema: inferred.result,
    anomalies: await readAnomalies(validated.outputs.anomalies!),
  };
}
