import type { OwnParts } from '../../engine/own/own-parts.ts'
import type { Invocation } from '../program/invocation.ts'

/** What the guide calls a deployment, and where `RECTIFY_STACK` or `--stack` does not say another. */
const USUAL_STACK = 'rectify'
/** As `member-role.yaml` calls them where nobody chose otherwise. */
const USUAL_ROLES = ['RectifyRead', 'RectifyChange', 'RectifyTell']

/**
 * What of AWS is a deployment's own, for a run of this machine: in whichever account and region, because nothing here
 * says where it was deployed.
 */
export function ownOfCaller({ shared, env }: Pick<Invocation, 'shared' | 'env'>): OwnParts {
  return {
    stacks: [{ name: shared.stack ?? (env.RECTIFY_STACK || USUAL_STACK) }],
    identities: USUAL_ROLES.map((role) => `arn:*:iam::*:role/${role}`),
    arns: [],
  }
}
