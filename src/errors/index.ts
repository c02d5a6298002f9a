export { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
export { fileReason } from './file-reason.ts';
export { firstIssue, issueOf, issuesOf } from './first-issue.ts';
export { isMitateError, MitateError, toMitateError } from './mitate-error.ts';
export { reasonOf } from './reason-of.ts';
