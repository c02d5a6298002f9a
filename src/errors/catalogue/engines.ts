import { defineErrors } from '../define-errors.ts';

export const engineErrors = defineErrors({
  COMPILE_IMAGE_WITHOUT_DIGEST: {
    status: 400,
    when: 'a pipeline is compiled for an image that is not named by its digest',
    message: 'The image "{image}" is not named by its digest, so that it could be another one by the time a step runs.',
    remedy:
      'Name it as registry/name@sha256:<64 hex digits>; "docker buildx imagetools inspect <image>" shows the digest.',
  },
  COMPILE_UNSUPPORTED: {
    status: 400,
    when: 'a pipeline has what the engines cannot run',
    message: 'Step {step} cannot be compiled: {reason}.',
    remedy: '{remedy}.',
  },
  COMPILE_ROOT_MISSING: {
    status: 400,
    when: 'a job for Vertex AI is compiled without a bucket',
    message: 'A job for Vertex AI needs a bucket for its artifacts, not "{root}".',
    remedy: 'Pass --root gs://bucket/folder.',
  },
  IR_INVALID: {
    status: 500,
    when: 'a compiled pipeline refers to what it does not contain; nothing was written',
    message: 'The compiled pipeline has {count} error(s):\n{findings}',
    remedy: 'Please report it with the pipeline file: this is a defect of Mitate.',
  },
  EXECUTOR_INPUT_INVALID: {
    status: 400,
    when: 'a step gets an executor input that it cannot read',
    message: 'The executor input is not valid: {reason}',
    remedy:
      'Start the step as "mitate compile" writes it, so that the engine fills the executor input in, after steps of Mitate.',
  },
  STEP_UNKNOWN: {
    status: 404,
    when: 'a step is started that the pipeline does not have',
    message: 'Pipeline {pipeline} has no step "{step}".',
    remedy: '{remedy}',
  },
  STEP_DIRECT_WITH_DATABASE: {
    status: 400,
    when: 'a step that asks the storage itself is to be recorded in a database',
    message:
      'MITATE_DATABASE_URL is set, and --artifacts is direct: a server could not read artifacts that are recorded so.',
    remedy:
      'Unset MITATE_DATABASE_URL in the container and bring the model to the server with "mitate runs import", or compile with --artifacts mounted.',
  },
  PIPELINE_NOT_AS_COMPILED: {
    status: 409,
    when: 'the pipeline file or the Mitate in an image is not the one that was compiled',
    message:
      'The pipeline {pipeline} at {path} is not the one that was compiled (digest {got}, compiled {compiled}): the file or the version of Mitate differs.',
    remedy: 'Compile again with the Mitate and the pipeline file of the image, or name the image that has both.',
  },
  ENGINE_URI_UNKNOWN: {
    status: 400,
    when: 'an engine names an artifact by a URI that is not shown as a folder in the container',
    message: 'There is no path for the artifact URI "{uri}".',
    remedy: 'Use a pipeline root at gs://, s3:// or minio://, or an absolute path.',
  },
  ENGINE_INPUT_MISSING: {
    status: 410,
    when: 'the files of an input are not where the engine says',
    message: 'The input "{input}" of step {step} is missing: there is nothing at {path}.',
    remedy:
      'Check the step that writes it, and that the engine downloads or mounts its bucket in the container; then run the job again.',
  },
  ENGINE_OUTPUT_MISSING: {
    status: 400,
    when: 'an engine names no place for an output of a step',
    message: 'The executor input names no place for the output "{output}" of step {step}.',
    remedy: 'Compile the pipeline again with the version of Mitate that is in the image.',
  },
  INTENTS_MISSING: {
    status: 404,
    when: 'what is imported is no output of a step that pushed a model without a database',
    message: 'There is no intents.json at {uri}.',
    remedy:
      'Name the URI of the output pushedModel of a Pusher, as the engine shows it. A job whose model was not blessed has none, and a job with MITATE_DATABASE_URL has registered its model already.',
  },
  INTENTS_INVALID: {
    status: 400,
    when: 'an intents.json cannot be read',
    message: 'The file intents.json at {uri} is not valid: {reason}',
    remedy: 'Name the URI of the output pushedModel of a Pusher, written by this or an earlier version of Mitate.',
  },
  ENGINE_ARTIFACT_ELSEWHERE: {
    status: 503,
    when: 'an artifact that the database has is not readable in this container, so that the step runs again',
    message: 'The artifact at {uri} is not readable in this container.',
    remedy: 'Mount the bucket if results are to be reused; the step runs again.',
  },
});
