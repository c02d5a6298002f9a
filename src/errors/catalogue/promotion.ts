import { defineErrors } from '../define-errors.ts';

export const promotionErrors = defineErrors({
  PROMOTION_UNKNOWN: {
    status: 404,
    when: 'no promotion of the project has that id, or the endpoint never had one',
    message: 'No promotion has the id "{id}", and no endpoint of that name has had one.',
    remedy: '"mitate promotion list" lists them.',
  },
  PROMOTION_ENDPOINT_EMPTY: {
    status: 409,
    when: 'a promotion is started on an endpoint that answers nothing',
    message: 'The endpoint "{endpoint}" has no stable version that {model} could be held against.',
    remedy: 'Deploy it at once: mitate endpoint deploy {endpoint} {model}.',
  },
  PROMOTION_ALREADY_STABLE: {
    status: 409,
    when: 'a version is to be promoted that is stable already',
    message: '{model} is the stable version of the endpoint "{endpoint}" already.',
    remedy: 'Name another version; "mitate models" lists them.',
  },
  PROMOTION_UNDER_WAY: {
    status: 409,
    when: 'a version is to be promoted under another policy while it is on its way already',
    message: '{model} is on its way on the endpoint "{endpoint}" already, under another policy: promotion {id}.',
    remedy:
      'Let it go on ("mitate promotion show {id}"), or end it ("mitate promotion abort {id}") and start it under the new policy.',
  },
  PROMOTION_ENDED: {
    status: 409,
    when: 'a promotion that has ended is approved, refused or aborted',
    message: 'The promotion {id} has ended: {state}.',
    remedy:
      'Start another: mitate promotion start {endpoint}. A promoted version is taken back with "mitate endpoint rollback {endpoint}".',
  },
  PROMOTION_NOT_WAITING: {
    status: 409,
    when: 'a promotion is approved that waits for no approval',
    message: 'The promotion {id} waits for no approval; it is in the state "{state}".',
    remedy: '"mitate promotion show {id}" tells what it waits for; to end it: mitate promotion abort {id}.',
  },
  PROMOTION_ROLE_MISSING: {
    status: 403,
    when: 'someone approves or refuses who may not do all that the policy’s role may',
    message: '{who} is not allowed to approve {gate}: the policy asks for the role "{role}".',
    remedy: 'Ask someone with that role in the project.',
  },
  PROMOTION_FOUR_EYES: {
    status: 403,
    when: 'someone approves a promotion that they started, and the policy asks for another person',
    message: '{who} started this promotion; the policy asks for another person’s approval of {gate}.',
    remedy: 'Ask a second person with the role "{role}".',
  },
  PROMOTION_ALREADY_SAID: {
    status: 409,
    when: 'someone approves or refuses the same step a second time',
    message: '{who} has spoken on {gate} already.',
    remedy: 'Nothing is left to do; "mitate promotion abort" ends the promotion.',
  },
  PROMOTION_CHANGED: {
    status: 409,
    when: 'a promotion moved on while it was being aborted or refused',
    message: 'The promotion {id} moved on meanwhile.',
    remedy: 'Look at it again: mitate promotion show {id}.',
  },
  PROMOTION_POLICY_INVALID: {
    status: 400,
    when: 'a policy for a promotion has a value that is not allowed',
    message: 'The promotion policy is not valid at {where}: {reason}.',
    remedy: 'Correct it; docs/guides/promotion.md shows every setting.',
  },
  PROMOTION_NOTHING_TO_SHOW: {
    status: 404,
    when: 'a picture of disagreements is asked for, and none is known or none of its photos is kept any more',
    message: 'The promotion {id} has no kept photo on which the two models disagree.',
    remedy: 'Photos are kept by the endpoint’s setting "images": mitate endpoint set <name> --images all.',
  },
});
