import { defineErrors } from '../define-errors.ts';

export const monitorErrors = defineErrors({
  MONITOR_EXISTS: {
    status: 409,
    when: 'a monitor is to be made under a name that is taken',
    message: 'There is already a monitor "{monitor}".',
    remedy: 'Look at it with "mitate monitor show {monitor}", or choose another name.',
  },
  MONITOR_UNKNOWN: {
    status: 404,
    when: 'a monitor is named that does not exist',
    message: 'There is no monitor "{monitor}".',
    remedy: '"mitate monitor list" lists the monitors.',
  },
  MONITOR_NOTHING_SERVED: {
    status: 409,
    when: 'a monitor is to be run on an endpoint that answers nothing',
    message: 'Monitor "{monitor}" watches endpoint {endpoint}, which answers nothing.',
    remedy: 'Deploy a version first: "mitate endpoint deploy {endpoint} <model>".',
  },
  MONITOR_PROCESS_DIED: {
    status: 500,
    when: 'the process that runs a check for the server ends before it answers',
    message: 'The process that ran monitor "{monitor}" died.',
    remedy: 'Run it at the machine, where more is said: "mitate monitor run {monitor} --verbose".',
  },
  MONITOR_INVALID: {
    status: 400,
    when: 'the definition of a monitor has something that its kind does not take',
    message: 'Monitor "{monitor}", {field}: {reason}.',
    remedy: '"mitate monitor create --help" lists the kinds and what each takes.',
  },
});
