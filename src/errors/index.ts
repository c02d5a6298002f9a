export { catalogue, type ErrorCode, type ErrorDetails } from './catalogue.ts';
export { isMitateError, MitateError, toMitateError } from './mitate-error.ts';
