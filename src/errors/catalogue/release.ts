import { defineErrors } from '../define-errors.ts';

export const releaseErrors = defineErrors({
  RELEASE_IMPORT_UNKNOWN: {
    status: 400,
    when: 'a pipeline that is to be released imports what a release cannot take along',
    message: '{path} imports {specifier}, which is neither a file of the project {root}, nor Node’s, nor "mitate".',
    remedy:
      'Import files of the project by a relative path in quotes ("./labels.ts"), and what Mitate has from "mitate" (z too).',
  },
  RELEASE_FILE_OUTSIDE: {
    status: 400,
    when: 'a pipeline that is to be released reaches a file outside its project',
    message: '{path} needs {specifier}, which lies outside the project {root} or in its node_modules.',
    remedy: 'Move the file into the project, or put a package.json or mitate.config.ts in the folder that holds both.',
  },
  RELEASE_TOO_LARGE: {
    status: 413,
    when: 'the files of a pipeline are more or larger than a release may be',
    message:
      'The pipeline reaches {files} files with {bytes} bytes; a release has at most {maxFiles} files and {maxBytes} bytes.',
    remedy: 'Keep data out of the code: give it as a parameter of the pipeline (param.uri()).',
  },
  RELEASE_BUNDLE_INVALID: {
    status: 400,
    when: 'a bundle is no tar.gz of a release',
    message: 'The bundle cannot be read: {reason}.',
    remedy: 'Send the bundle as "mitate release" made it.',
  },
  RELEASE_DIGEST_MISMATCH: {
    status: 409,
    when: 'what arrived is not what was released',
    message: 'The {what} of release {release} is {found}; the release says {expected}.',
    remedy:
      'Send the release again as "mitate release show --bundle" writes it; if it repeats, somebody changes it on the way.',
  },
  RELEASE_NOT_RUN: {
    status: 409,
    when: 'a pipeline is to be released that has not run well as it is now',
    message: 'No good run of {pipeline} in environment {environment} has this definition and this code: {reason}.',
    remedy: 'Run it first: mitate run {file}',
  },
  RELEASE_UNKNOWN: {
    status: 404,
    when: 'a release is named that is not there, or by a beginning that several share',
    message: 'No release is called "{id}", or more than one begins with it.',
    remedy: '"mitate release list" lists them.',
  },
  RELEASE_NOT_HERE: {
    status: 400,
    when: 'something that is done in a workspace is asked of an environment that is a server',
    message: 'Environment {name} is the server {server}; pipelines are tried and released in a workspace.',
    remedy: 'Name an environment with a workspace: --env dev',
  },
  RELEASE_FILE_INVALID: {
    status: 400,
    when: 'a file is brought as a release that "mitate release --out" did not write',
    message: '{path} is no release: {reason}',
    remedy: 'Write it with: mitate release pipeline.ts --out release.json',
  },
  RELEASE_PARAMETER_LOCAL: {
    status: 400,
    when: 'a release is brought to a server with a parameter that is a path of this machine',
    message: 'Parameter "{name}" of release {release} is {value}, a path of the machine that it was tried on.',
    remedy: 'Say it for {environment}: in mitate.config.ts under parameters, or with --param {name}=...',
  },
  RELEASE_TOO_SOON: {
    status: 409,
    when: 'a release is brought to an environment before it ran well often enough in the one before',
    message: 'Release {release} has {found} good runs in {before}; {environment} asks for {needed}.',
    remedy: 'Bring it there first: mitate deploy-pipeline {release} --env {before} --wait',
  },
  ENVIRONMENT_UNKNOWN: {
    status: 404,
    when: 'an environment is named that mitate.config.ts does not have',
    message: 'There is no environment "{name}" in {file}. It has: {known}.',
    remedy: 'Add "{name}" under environments there, or name one that it has; docs/guides/release.md shows how.',
  },
  RELEASE_SECRET_MISSING: {
    status: 400,
    when: '"mitate release send" finds no secret to sign with',
    message: 'A release is signed with MITATE_RELEASE_SECRET, which is not set here.',
    remedy: 'Set MITATE_RELEASE_SECRET to the secret that the server has.',
  },
  ENVIRONMENT_KEY_MISSING: {
    status: 400,
    when: 'the variable that holds the key of an environment is not set',
    message: 'Environment {name} takes its key from {variable}, which is not set.',
    remedy:
      'Set {variable} to an API key of that server with scope admin ("mitate key create deploy --scope admin" there).',
  },
  CONFIG_FILE_INVALID: {
    status: 400,
    when: 'mitate.config.ts cannot be loaded, or says something that is not understood',
    message: '{path} is not valid: {reason}',
    remedy: 'Correct it; docs/guides/release.md shows one.',
  },
  RELEASE_SERVER_REFUSED: {
    status: 502,
    when: 'the server of an environment refused a release, or did not answer',
    message: '{url} did not take it: {reason}',
    remedy: 'Correct what it says, and bring the release there again: what has arrived is not taken twice.',
  },
  REPORT_TIME_INVALID: {
    status: 400,
    when: 'a report is asked for over no time, or over more than 400 days',
    message: 'A report reaches back over more than nothing and at most 400 days, not {days}.',
    remedy: 'Ask for a shorter time, such as 7d.',
  },
  WEBHOOK_OFF: {
    status: 404,
    when: 'a release is announced to a server that takes none that way',
    message: 'This server takes no releases by webhook.',
    remedy:
      'Start it with MITATE_RELEASE_SECRET (at least 32 characters), and MITATE_RELEASE_BRANCHES if not only main.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 401,
    when: 'the signature of a webhook is missing or was not made with this server’s secret over these bytes',
    message: 'The signature of the webhook is not valid.',
    remedy:
      'Sign "<timestamp>.<nonce>.<body>" with HMAC-SHA256 and MITATE_RELEASE_SECRET; "mitate release send" does it.',
  },
  WEBHOOK_EXPIRED: {
    status: 401,
    when: 'the timestamp of a webhook is more than five minutes from now',
    message: 'The webhook was signed {seconds} s away from now; at most 300 are taken.',
    remedy: 'Sign it again, with a clock that is right.',
  },
  WEBHOOK_REPEATED: {
    status: 409,
    when: 'a webhook comes a second time',
    message: 'This webhook was taken before.',
    remedy: 'Nothing needs doing; to start the pipeline again, sign a new one.',
  },
  WEBHOOK_BRANCH_REFUSED: {
    status: 403,
    when: 'a webhook tells of a branch that releases are not taken from',
    message: 'Releases are not taken from branch "{branch}" here, only from: {allowed}.',
    remedy: 'Merge it, or add the branch to MITATE_RELEASE_BRANCHES.',
  },
  WEBHOOK_APPROVER_REFUSED: {
    status: 403,
    when: 'the person that a webhook names as approver may not approve here',
    message: '{approver} may not approve releases in project {project}.',
    remedy: 'Give that person the role approver or admin: mitate user role {approver} approver',
  },
});
