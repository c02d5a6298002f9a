import { defineErrors } from '../define-errors.ts';

export const monitorErrors = defineErrors({
  MONITOR_EXISTS: {
    status: 409,
    when: 'a monitor is created under a name that is taken',
    message: 'Monitor "{monitor}" already exists.',
    remedy: 'See it with "mitate monitor show {monitor}", or choose another name.',
  },
  MONITOR_UNKNOWN: {
    status: 404,
    when: 'the named monitor does not exist',
    message: 'Monitor "{monitor}" does not exist.',
    remedy: 'List the monitors with "mitate monitor list".',
  },
  MONITOR_NOTHING_SERVED: {
    status: 409,
    when: 'a monitor runs on an endpoint without a deployment',
    message: 'Monitor "{monitor}" cannot run: endpoint {endpoint} has no deployment.',
    remedy: 'Deploy a version first: mitate endpoint deploy {endpoint} <model>',
  },
  MONITOR_PROCESS_DIED: {
    status: 500,
    when: 'the process that runs a check for the server ends without a result',
    message: 'The process that ran monitor "{monitor}" ended without a result.',
    remedy: 'Run it on the server machine for details: mitate monitor run {monitor} --verbose',
  },
  MONITOR_INVALID: {
    status: 400,
    when: 'a monitor definition has a field that its kind does not accept',
    message: 'Monitor "{monitor}", {field}: {reason}.',
    remedy: 'Correct the field; "mitate monitor create --help" lists the kinds and their fields.',
  },
});
