import { defineErrors } from '../define-errors.ts';

export const orchestratorErrors = defineErrors({
  COMPONENT_INVALID: {
    status: 400,
    when: 'a component is defined with a spec that contradicts itself',
    message: 'The component {component} cannot be used: {reason}',
    remedy: 'Correct its spec. docs/guide has an example of a component of your own.',
  },
  PIPELINE_NAME_INVALID: {
    status: 400,
    when: 'a pipeline has a name that other runners would refuse',
    message: 'The pipeline name "{name}" is not valid: expected lower-case letters, digits and dashes, at most 128',
    remedy: 'Rename it, as in definePipeline("leaf-health", ...).',
  },
  PIPELINE_ASYNC: {
    status: 400,
    when: 'the function given to definePipeline is asynchronous',
    message: 'The definition of pipeline {name} is asynchronous; steps added after an "await" would be lost',
    remedy: 'Remove "async" and "await" from the function; work belongs into components.',
  },
  PIPELINE_STEP_OUTSIDE: {
    status: 400,
    when: 'a component is called outside the function given to definePipeline',
    message: '{component} was called outside a pipeline',
    remedy: 'Call it inside the function that is given to definePipeline(name, parameters, function).',
  },
  PIPELINE_PARAMETER_READ: {
    status: 400,
    when: 'a definition uses a parameter as if it had a value already',
    message:
      'The pipeline parameter "{parameter}" was read while the pipeline is being defined; it has a value only in a run',
    remedy: 'Pass the parameter to a step as it is; do not build texts or numbers from it.',
  },
  PIPELINE_INVALID: {
    status: 400,
    when: 'the lint of a pipeline found errors; nothing was run',
    message: 'The pipeline {pipeline} has {count} error(s):\n{findings}',
    remedy: 'Correct the definition as each line says; nothing was run.',
  },
  PIPELINE_FILE_INVALID: {
    status: 400,
    when: 'a pipeline file cannot be loaded',
    message: 'Cannot load the pipeline {path}: {reason}',
    remedy: '{hint}',
  },
  PIPELINE_PARAMETERS_INVALID: {
    status: 400,
    when: 'a run is given parameters that its pipeline does not take, or lacks some',
    message: 'The parameters of pipeline {pipeline} are not valid: {reason}',
    remedy: 'Give each as --param name=value. {usage}',
  },
  STEP_INPUT_ABSENT: {
    status: 409,
    when: 'a step needs an artifact that the step before it did not put out',
    message: 'Step {step} did not run: its input "{input}" is absent, because {reason}',
    remedy: 'See the step {from}: it decides whether that artifact exists.',
  },
  STEP_TIMEOUT: {
    status: 504,
    when: 'a step took longer than its timeout',
    message: 'Step {step} did not end within {seconds} s',
    remedy: 'Raise its timeout, as in timeout: "2h", or give it less to do.',
  },
  STEP_OUTPUT_MISSING: {
    status: 500,
    when: 'a component ended well but left an output empty that is not declared absent',
    message: 'Step {step} ended without writing its output "{output}"',
    remedy:
      'The component {component} must write into the folder, or name the key in "absent" if the output is optional.',
  },
  STEP_INTENT_INVALID: {
    status: 500,
    when: 'a component answers an intent, property or absence that its spec does not allow',
    message: 'Step {step} answered something its spec does not allow: {reason}',
    remedy: 'Correct the component {component}.',
  },
  STEP_FAILED: {
    status: 500,
    when: 'a step threw an error that the catalogue does not know',
    message: 'Step {step} failed: {reason}',
    remedy: 'See {log} for what it did before. If this is a component of Mitate itself, please report it.',
  },
  LINEAGE_NOT_FOUND: {
    status: 404,
    when: 'lineage is asked of something that the store does not know',
    message: 'Nothing is known about "{reference}"',
    remedy:
      'Give an artifact id, a model (leaf-health, leaf-health@3, leaf-health@champion), or a photo as its file or sha256.',
  },
  RUN_PIPELINE_UNKNOWN: {
    status: 404,
    when: 'a run is asked for over HTTP of a pipeline that never ran here',
    message: 'No pipeline named "{pipeline}" ran in this project from a file that is still there',
    remedy: 'Run it once with "mitate run <file>", or name a file inside {folder}, such as leaf/pipeline.ts.',
  },
  RUN_PIPELINE_OUTSIDE: {
    status: 400,
    when: 'a run or a trigger is asked for of a file that is not in the pipelines folder',
    message: 'There is no pipeline file "{pipeline}" inside {folder}',
    remedy:
      'Check the path, or let MITATE_PIPELINES name the folder that holds it (for the server and the worker too).',
  },
  RUN_ORDER_NOT_WAITING: {
    status: 409,
    when: 'a queued run is cancelled that waits no longer',
    message: 'The run {id} waits no longer: it is {state}',
    remedy: 'A run under way is cancelled with "mitate runs cancel {id}".',
  },
});
