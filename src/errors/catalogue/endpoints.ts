import { defineErrors } from '../define-errors.ts';

/** Of changing endpoints; asking them is in routing.ts. */
export const endpointErrors = defineErrors({
  ENDPOINT_EXISTS: {
    status: 409,
    when: 'an endpoint is created under a name that is taken',
    message: 'Endpoint "{endpoint}" already exists.',
    remedy: 'Change it with "mitate endpoint set {endpoint}", or choose another name.',
  },
  ENDPOINT_SERVES: {
    status: 409,
    when: 'someone tries to remove an endpoint that has deployments',
    message: 'Endpoint {endpoint} cannot be removed: it has {deployments} active deployments.',
    remedy: 'Undeploy them first: mitate endpoint undeploy {endpoint} --all',
  },
  ENDPOINT_SETTING_INVALID: {
    status: 400,
    when: 'a setting of an endpoint is unknown or out of range',
    message: 'Endpoint {endpoint}, setting {setting}: {reason}.',
    remedy: 'Correct the value; "mitate endpoint set --help" lists the settings and their values.',
  },
  ENDPOINT_CHANGED: {
    status: 409,
    when: 'someone else changed an endpoint while the new versions were loading',
    message: 'Someone else changed endpoint {endpoint} at the same time; your change was not applied.',
    remedy: 'Check it with "mitate endpoint show {endpoint}", then repeat the change.',
  },
  ENDPOINT_NOT_OFFLINE: {
    status: 409,
    when: 'a device asks for the model of an endpoint that gives it to none, or whose model only the server can prepare photos for',
    message: 'Endpoint {endpoint} answers only with a connection: {reason}.',
    remedy:
      'Allow it with "mitate endpoint set {endpoint} --offline"; if the model is from before version 0.2, train a new version.',
  },
  ENDPOINT_FILE_UNKNOWN: {
    status: 404,
    when: "a device asks for a file that is not among those of the endpoint's stable version",
    message: 'Endpoint {endpoint} has no file {sha256} for devices.',
    remedy: 'Ask for the list again: the endpoint may serve another version since.',
  },
  TRAFFIC_INVALID: {
    status: 400,
    when: "the traffic percentages or roles of an endpoint's deployments are inconsistent",
    message: 'Endpoint {endpoint}: {reason}.',
    remedy:
      'Use one stable deployment, and whole percentages that sum to 100 over the stable deployment and the canaries.',
  },
  DEPLOYMENT_UNKNOWN: {
    status: 404,
    when: 'the endpoint has no such deployment',
    message: 'Endpoint {endpoint} has no deployment {deployment}. Its deployments: {known}.',
    remedy: 'List its deployments with "mitate endpoint show {endpoint}".',
  },
  ENDPOINT_NOTHING_EARLIER: {
    status: 409,
    when: 'someone tries to roll back an endpoint that has no earlier deployments',
    message: 'Endpoint {endpoint} cannot be rolled back: it has no earlier deployments.',
    remedy: 'See its timeline with "mitate endpoint show {endpoint}", or deploy a version.',
  },
});
