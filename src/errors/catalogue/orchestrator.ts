import { defineErrors } from '../define-errors.ts';

export const orchestratorErrors = defineErrors({
  COMPONENT_INVALID: {
    status: 400,
    when: 'the spec of a component contradicts itself',
    message: 'The component {component} is not valid: {reason}',
    remedy: 'Correct its spec; docs/guides/custom-components.md shows a valid one.',
  },
  PIPELINE_NAME_INVALID: {
    status: 400,
    when: 'a pipeline has a name that other runners would reject',
    message:
      'The pipeline name "{name}" is not valid: expected lower-case letters, digits and dashes, at most 128 characters.',
    remedy: 'Rename it, as in definePipeline("leaf-health", ...).',
  },
  PIPELINE_ASYNC: {
    status: 400,
    when: 'the function passed to definePipeline is asynchronous',
    message: 'The definition of pipeline {name} is asynchronous; steps added after an "await" would be lost.',
    remedy: 'Remove "async" and "await" from the function; move the work into components.',
  },
  PIPELINE_STEP_OUTSIDE: {
    status: 400,
    when: 'a component is called outside the function passed to definePipeline',
    message: '{component} was called outside a pipeline definition.',
    remedy: 'Call it inside the function passed to definePipeline(name, parameters, function).',
  },
  PIPELINE_PARAMETER_READ: {
    status: 400,
    when: 'a definition uses a parameter as if it already had a value',
    message:
      'The pipeline parameter "{parameter}" was read in the pipeline definition; it has a value only during a run.',
    remedy: 'Pass the parameter to a step unchanged; do not build strings or numbers from it.',
  },
  PIPELINE_INVALID: {
    status: 400,
    when: 'linting found errors in a pipeline; nothing was run',
    message: 'Pipeline {pipeline} has {count} error(s):\n{findings}',
    remedy: 'Correct the definition as each line describes; nothing was run.',
  },
  PIPELINE_FILE_INVALID: {
    status: 400,
    when: 'a pipeline file cannot be loaded',
    message: 'Cannot load the pipeline {path}: {reason}',
    remedy: '{hint}',
  },
  PIPELINE_PARAMETERS_INVALID: {
    status: 400,
    when: 'a run gets parameters that its pipeline does not accept, or lacks some',
    message: 'The parameters of pipeline {pipeline} are not valid: {reason}',
    remedy: 'Give each as --param name=value. {usage}',
  },
  STEP_INPUT_ABSENT: {
    status: 409,
    when: 'a step needs an artifact that the step before it did not produce',
    message: 'Step {step} did not run: its input "{input}" is absent, because {reason}',
    remedy: 'Check step {from}: it decides whether that artifact exists.',
  },
  PIPELINE_CHANGES: {
    status: 409,
    when: 'a pipeline file is edited again and again while it is loaded',
    message: 'The files of pipeline {path} changed while they were loaded.',
    remedy: 'Start the run again once they are saved.',
  },
  RUN_CODE_ENDED: {
    status: 500,
    when: "the process that has a pipeline's code ends before its answer",
    message: "The process of the pipeline's code ended ({reason}){stderr}",
    remedy:
      'Start the run again: it continues from the cache. If it recurs, look for process.exit or a crash in the code.',
  },
  RUN_CODE_DENIED: {
    status: 403,
    when: 'the code of a release uses what a release may not use',
    message: 'Step {step} tried to use {denied}, which released code may not.',
    remedy:
      'A release may read its own files, its inputs and the folders of MITATE_RELEASE_READS, have models copied to those of MITATE_RELEASE_WRITES, and start no process: docs/threat-model.md.',
  },
  RUN_MEMORY_EXCEEDED: {
    status: 413,
    when: "the process that has a pipeline's code uses more memory than it may",
    message: "The pipeline's own code used more than {limitMb} MB of memory and was ended.",
    remedy: 'Make it use less, or raise MITATE_RUN_MEMORY_MB of the worker.',
  },
  RUN_TIMEOUT: {
    status: 408,
    when: 'a queued run takes longer than a run may',
    message: 'The run did not end within {seconds} s.',
    remedy: 'Make it do less, or raise MITATE_RUN_TIMEOUT of the worker. What was finished stays in the cache.',
  },
  STEP_TIMEOUT: {
    status: 504,
    when: 'a step exceeds its timeout',
    message: 'Step {step} did not end within {seconds} s.',
    remedy: 'Raise its timeout, as in timeout: "2h", or reduce its work.',
  },
  STEP_OUTPUT_MISSING: {
    status: 500,
    when: 'a component succeeds without writing an output that is not declared absent',
    message: 'Step {step} ended without writing its output "{output}".',
    remedy: 'Component {component} must write into the folder, or list the key in "absent" if the output is optional.',
  },
  STEP_INTENT_INVALID: {
    status: 500,
    when: 'a component returns an intent, property or absence that its spec does not allow',
    message: 'Step {step} returned something that its spec does not allow: {reason}',
    remedy: 'Correct the component {component}.',
  },
  STEP_FAILED: {
    status: 500,
    when: 'a step throws an error that the catalogue does not know',
    message: 'Step {step} failed: {reason}',
    remedy: 'See the log {log}. If this is a component of Mitate itself, please report it.',
  },
  LINEAGE_NOT_FOUND: {
    status: 404,
    when: 'lineage is requested for something that the store does not know',
    message: 'No artifact, model or photo matches "{reference}".',
    remedy:
      'Give an artifact id, a model (leaf-health, leaf-health@3, leaf-health@champion), or a photo as its file or sha256.',
  },
  RUN_PIPELINE_UNKNOWN: {
    status: 404,
    when: 'a run of a pipeline that never ran here is requested over HTTP',
    message: 'No pipeline named "{pipeline}" has run in this project from a file that still exists.',
    remedy: 'Run it once with "mitate run <file>", or give a file inside {folder}, such as leaf/pipeline.ts.',
  },
  RUN_PIPELINE_OUTSIDE: {
    status: 400,
    when: 'a run or trigger names a file that is not in the pipelines folder',
    message: 'No pipeline file "{pipeline}" exists inside {folder}.',
    remedy: 'Check the path, or set MITATE_PIPELINES to the folder that contains it (for the server and the worker).',
  },
  TICK_PART_LATE: {
    status: 500,
    when: "a part of the worker's minute takes too long: the next parts go on without it",
    message: 'The part "{part}" of the tick has not ended after {seconds} s; later ticks skip it until it does.',
    remedy:
      'Look for a folder, bucket, channel or database that does not answer. If it never ends, restart the worker: nothing is done twice.',
  },
  RUN_ORDER_NOT_WAITING: {
    status: 409,
    when: 'someone tries to remove a run from the queue that is no longer queued',
    message: 'Run {id} is no longer queued: it is {state}.',
    remedy: 'Cancel an active run with "mitate runs cancel {id}".',
  },
});
