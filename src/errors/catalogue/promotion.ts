import { defineErrors } from '../define-errors.ts';

export const promotionErrors = defineErrors({
  PROMOTION_UNKNOWN: {
    status: 404,
    when: 'no promotion of the project has that id, and no endpoint of that name has had one',
    message: 'No promotion has the id "{id}", and no endpoint of that name has had one.',
    remedy: 'List the promotions with "mitate promotion list".',
  },
  PROMOTION_ENDPOINT_EMPTY: {
    status: 409,
    when: 'a promotion is started on an endpoint without a stable version',
    message: 'Endpoint "{endpoint}" has no stable version to compare {model} with.',
    remedy: 'Deploy it directly: mitate endpoint deploy {endpoint} {model}',
  },
  PROMOTION_ALREADY_STABLE: {
    status: 409,
    when: 'someone tries to promote a version that is already stable',
    message: '{model} is already the stable version of endpoint "{endpoint}".',
    remedy: 'Choose another version; "mitate models" lists them.',
  },
  PROMOTION_UNDER_WAY: {
    status: 409,
    when: 'someone starts a promotion of a version that is already being promoted under another policy',
    message: 'A promotion of {model} on endpoint "{endpoint}" is already in progress under another policy: {id}.',
    remedy:
      'Wait for it ("mitate promotion show {id}"), or abort it ("mitate promotion abort {id}") and start again with the new policy.',
  },
  PROMOTION_ENDED: {
    status: 409,
    when: 'someone tries to approve, refuse or abort a promotion that has ended',
    message: 'Promotion {id} has already ended: {state}.',
    remedy:
      'Start another one with "mitate promotion start {endpoint}". To undo a promotion: mitate endpoint rollback {endpoint}',
  },
  PROMOTION_NOT_WAITING: {
    status: 409,
    when: 'someone tries to approve a promotion that is not waiting for approval',
    message: 'Promotion {id} is not waiting for approval; its state is "{state}".',
    remedy:
      'See what it is waiting for with "mitate promotion show {id}", or abort it with "mitate promotion abort {id}".',
  },
  PROMOTION_ROLE_MISSING: {
    status: 403,
    when: 'someone without the permissions of the role that the policy requires approves or refuses',
    message: '{who} may not approve {gate}: the policy requires the role "{role}".',
    remedy: 'Ask someone with that role in the project.',
  },
  PROMOTION_FOUR_EYES: {
    status: 403,
    when: 'someone approves a promotion they started, and the policy requires another person',
    message: '{who} started this promotion; the policy requires another person to approve {gate}.',
    remedy: 'Ask a second person with the role "{role}".',
  },
  PROMOTION_ALREADY_SAID: {
    status: 409,
    when: 'someone approves or refuses the same step twice',
    message: '{who} has already reviewed {gate}.',
    remedy: 'No action is needed. To end the promotion, run "mitate promotion abort".',
  },
  PROMOTION_CHANGED: {
    status: 409,
    when: 'a promotion advanced while someone aborted or refused it',
    message: 'Promotion {id} advanced at the same time; your change was not applied.',
    remedy: 'Check it with "mitate promotion show {id}", then repeat the change.',
  },
  PROMOTION_POLICY_INVALID: {
    status: 400,
    when: 'a promotion policy has an invalid value',
    message: 'The promotion policy is not valid at {where}: {reason}.',
    remedy: 'Correct it; docs/guides/promotion.md describes every setting.',
  },
  PROMOTION_NOTHING_TO_SHOW: {
    status: 404,
    when: 'a grid is requested, but the versions do not disagree on any photo that is stored',
    message: 'Promotion {id} has no stored photo on which the two models disagree.',
    remedy: "To store photos, change the endpoint's setting: mitate endpoint set <name> --images all",
  },
});
