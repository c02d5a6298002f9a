import { defineErrors } from '../define-errors.ts';

export const releaseErrors = defineErrors({
  RELEASE_IMPORT_UNKNOWN: {
    status: 400,
    when: 'a pipeline imports something that a release cannot include',
    message: '{path} imports {specifier}, which is not a file of the project {root}, a Node.js module or "mitate".',
    remedy:
      'Import project files by a relative path in quotes ("./labels.ts"), and everything of Mitate from "mitate" (including z).',
  },
  RELEASE_FILE_OUTSIDE: {
    status: 400,
    when: 'a pipeline imports a file outside its project',
    message: '{path} imports {specifier}, which is outside the project {root} or in its node_modules.',
    remedy:
      'Move the file into the project, or put a package.json or mitate.config.ts in the folder that contains both.',
  },
  RELEASE_TOO_LARGE: {
    status: 413,
    when: 'the files of a pipeline exceed the limits of a release',
    message:
      'The pipeline imports {files} files with {bytes} bytes; a release has at most {maxFiles} files and {maxBytes} bytes.',
    remedy: 'Keep data out of the code: pass it as a pipeline parameter (param.uri()).',
  },
  RELEASE_BUNDLE_INVALID: {
    status: 400,
    when: 'a bundle is not the tar.gz of a release',
    message: 'Cannot read the bundle: {reason}.',
    remedy: 'Send the bundle exactly as "mitate release make" wrote it.',
  },
  RELEASE_DIGEST_MISMATCH: {
    status: 409,
    when: 'a received release differs from its digests',
    message: 'Release {release}, {what}: expected {expected}, got {found}.',
    remedy:
      'Write the release again with "mitate release show {release} --out <file>", and send that file. If it recurs, it is changed in transit.',
  },
  RELEASE_NEEDS_ADMIN: {
    status: 403,
    when: 'code is brought to a server with several projects, by someone who is no server admin, for a project without a worker of its own',
    message: 'Release {release} is code, and project {project} shares its worker with other projects.',
    remedy:
      'Ask an admin of the server to bring it, or to start a worker for the project alone: mitate worker --project {project}',
  },
  RELEASE_REFUSED: {
    status: 409,
    when: 'the run that a release names is unknown, or did not hold',
    message: 'Release {release} was refused: {reason}.',
    remedy:
      'Make it from a run that succeeded (mitate release make). For a run on another machine, an admin of the server or a signed webhook must bring it.',
  },
  RELEASE_NOT_RUN: {
    status: 409,
    when: 'a pipeline is released whose current state has no successful run',
    message: 'No successful run of {pipeline} in environment {environment} has this definition and code: {reason}.',
    remedy: 'Run it first: mitate run {file}',
  },
  RELEASE_UNKNOWN: {
    status: 404,
    when: 'no release, or more than one, matches the given id',
    message: 'Expected one release whose id begins with "{id}", found none or several.',
    remedy: 'List the releases with "mitate release list".',
  },
  RELEASE_NOT_HERE: {
    status: 400,
    when: 'a workspace operation is requested in an environment that is a server',
    message: 'Environment {name} is the server {server}; pipelines are tested and released in a workspace.',
    remedy: 'Use an environment with a workspace, for example --env dev.',
  },
  RELEASE_FILE_INVALID: {
    status: 400,
    when: 'a file is not a release that "mitate release make --out" wrote',
    message: '{path} is not a release: {reason}',
    remedy: 'Write it with: mitate release make pipeline.ts --out release.json',
  },
  RELEASE_PARAMETER_LOCAL: {
    status: 400,
    when: 'a parameter of a release sent to a server is a path of the local machine',
    message: 'Parameter "{name}" of release {release} is {value}, a path on the machine where it was tested.',
    remedy: 'Set it for {environment}: in mitate.config.ts under parameters, or with --param {name}=...',
  },
  RELEASE_TOO_SOON: {
    status: 409,
    when: 'a release is deployed before it had the required successful runs in another environment',
    message: 'Release {release} has {found} successful runs in {before}; {environment} requires {needed}.',
    remedy: 'Deploy it there first: mitate deploy-pipeline {release} --env {before} --wait',
  },
  RELEASE_STAGE_WRONG: {
    status: 409,
    when: 'a release arrives for another stage than that of the project',
    message: 'Release {release} is for {stage}, and project {project} is {expected} here.',
    remedy:
      'Send it to the right server, or with --stage {expected}. If the project is {stage} now, an operator says so: mitate project stage {project} {stage}',
  },
  ENVIRONMENT_UNKNOWN: {
    status: 404,
    when: 'mitate.config.ts has no such environment',
    message: 'Environment "{name}" is not in {file}. Its environments: {known}.',
    remedy: 'Add "{name}" under environments there, or use one of those; docs/guides/release.md has an example.',
  },
  RELEASE_SECRET_MISSING: {
    status: 400,
    when: '"mitate release send" has no secret to sign with',
    message: 'MITATE_RELEASE_SECRET is not set; it signs the release.',
    remedy: 'Set MITATE_RELEASE_SECRET to the secret of the server, in the environment or with "mitate secret set".',
  },
  ENVIRONMENT_KEY_MISSING: {
    status: 400,
    when: 'the variable with the API key of an environment is not set',
    message: 'Environment {name} reads its API key from {variable}, which is not set.',
    remedy:
      'Set {variable} to an API key of that server with scope admin (run there: mitate key create deploy --scope admin).',
  },
  CONFIG_FILE_INVALID: {
    status: 400,
    when: 'mitate.config.ts cannot be loaded, or has an invalid setting',
    message: '{path} is not valid: {reason}',
    remedy: 'Correct it; docs/guides/release.md has an example.',
  },
  RELEASE_SERVER_REFUSED: {
    status: 502,
    when: 'the server of an environment rejects a release, or does not respond',
    message: '{url} did not accept the release: {reason}',
    remedy: 'Fix the cause, then deploy the release again: files that have arrived are not sent again.',
  },
  REPORT_TIME_INVALID: {
    status: 400,
    when: 'the period of a report is not between 0 (exclusive) and 400 days',
    message: 'The period of a report must be between 0 (exclusive) and 400 days; got {days}.',
    remedy: 'Choose another period, for example 7d.',
  },
  WEBHOOK_OFF: {
    status: 404,
    when: 'a release is sent to a server whose webhook is off',
    message: 'The release webhook of this server is off.',
    remedy:
      'Start it with MITATE_RELEASE_SECRET (at least 32 characters), and MITATE_RELEASE_BRANCHES for branches other than main.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 401,
    when: "the signature of a webhook is missing or does not match this server's secret and the body",
    message: 'The signature of the webhook is not valid.',
    remedy:
      'Sign "<timestamp>.<nonce>.<body>" with HMAC-SHA256 and MITATE_RELEASE_SECRET, as "mitate release send" does.',
  },
  WEBHOOK_EXPIRED: {
    status: 401,
    when: "the timestamp of a webhook differs by more than five minutes from the server's clock",
    message: "The timestamp of the webhook differs by {seconds} s from the server's clock; at most 300 s are allowed.",
    remedy: 'Set the clock, then sign and send it again.',
  },
  WEBHOOK_REPEATED: {
    status: 409,
    when: 'a webhook arrives a second time',
    message: 'This webhook was already received.',
    remedy: 'No action is needed. To start the pipeline again, sign a new webhook.',
  },
  WEBHOOK_BRANCH_REFUSED: {
    status: 403,
    when: 'a webhook names a branch that is not allowed to release',
    message: 'Branch "{branch}" may not release here. Allowed: {allowed}.',
    remedy: 'Merge it into an allowed branch, or add it to MITATE_RELEASE_BRANCHES.',
  },
  WEBHOOK_WORKFLOW_REFUSED: {
    status: 403,
    when: 'the token of the workflow that sends a webhook cannot be verified, or is of a repository or branch that is not allowed',
    message: 'The workflow that sent the release was not accepted: {reason}.',
    remedy:
      'Send it from a workflow of a repository in MITATE_RELEASE_REPOSITORIES with the permission "id-token: write", or from elsewhere without a token: then its texts are claims.',
  },
  WEBHOOK_APPROVER_REFUSED: {
    status: 403,
    when: 'the approver that a webhook names may not approve releases',
    message: '{approver} may not approve releases in project {project}.',
    remedy: 'Give the user the role approver or admin: mitate user role {approver} approver',
  },
});
