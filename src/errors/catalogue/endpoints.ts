import { defineErrors } from '../define-errors.ts';

/** Of changing endpoints; asking them is in routing.ts. */
export const endpointErrors = defineErrors({
  ENDPOINT_EXISTS: {
    status: 409,
    when: 'an endpoint is to be made under a name that is taken',
    message: 'There is already an endpoint "{endpoint}".',
    remedy: 'Change it with "mitate endpoint set {endpoint}", or choose another name.',
  },
  ENDPOINT_SERVES: {
    status: 409,
    when: 'an endpoint that still answers is to be removed',
    message: 'Endpoint {endpoint} has {deployments} live deployments.',
    remedy: 'Take them down first: "mitate endpoint undeploy {endpoint} --all".',
  },
  ENDPOINT_SETTING_INVALID: {
    status: 400,
    when: 'a setting of an endpoint is unknown or out of range',
    message: 'Endpoint {endpoint}, setting {setting}: {reason}.',
    remedy: '"mitate endpoint set --help" lists the settings and what they take.',
  },
  ENDPOINT_CHANGED: {
    status: 409,
    when: 'someone else changed an endpoint while the versions of a change were loaded',
    message: 'Endpoint {endpoint} was changed by someone else meanwhile; nothing was changed.',
    remedy: 'Look at it ("mitate endpoint show {endpoint}"), then give the change again.',
  },
  TRAFFIC_INVALID: {
    status: 400,
    when: 'the shares or roles of the deployments of an endpoint do not fit together',
    message: 'Endpoint {endpoint}: {reason}.',
    remedy: 'Give one stable deployment, and whole percents that sum to 100 over the stable one and the canaries.',
  },
  DEPLOYMENT_UNKNOWN: {
    status: 404,
    when: 'a deployment is named that the endpoint does not have',
    message: 'Endpoint {endpoint} has no deployment {deployment}; it has: {known}.',
    remedy: '"mitate endpoint show {endpoint}" lists its deployments.',
  },
  ENDPOINT_NOTHING_EARLIER: {
    status: 409,
    when: 'an endpoint is to be rolled back, and there is no earlier state that answered',
    message: 'Endpoint {endpoint} has no earlier deployments to go back to.',
    remedy: 'See its timeline with "mitate endpoint show {endpoint}", or deploy a version.',
  },
});
