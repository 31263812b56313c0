/** Who is behind the ARN that STS gives for a caller. */

const SESSION =
  /^arn:(?<partition>[^:]+):sts::(?<account>[^:]+):assumed-role\/(?<role>[^/]+)\/(?<name>[^/]+)$/

/** Roles of IAM Identity Center: it names their sessions after the user, who cannot choose another name. */
const IDENTITY_CENTER = 'AWSReservedSSO_'

/** The role of a session, without its path, which STS leaves out; undefined for what is no session of a role. */
export function roleOf(arn: string): string | undefined {
  const { partition, account, role } = SESSION.exec(arn)?.groups ?? {}
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`
}

/**
 * What counts as one where identities are counted. Whoever assumes a role chooses the name of the session, so that all
 * sessions of a role are one; a user of IAM Identity Center is one whatever his permission sets and accounts.
 */
export function identityOf(arn: string): string {
  const { role, name } = SESSION.exec(arn)?.groups ?? {}
  if (role?.startsWith(IDENTITY_CENTER)) return `${IDENTITY_CENTER}/${name}`
  return roleOf(arn) ?? arn
}

/** A member of a Slack workspace, as an identity: by ids of workspace and user, never by a name. */
export interface SlackUser {
  /** `T…` */
  workspace: string
  /** `U…` or `W…` */
  user: string
}

/** A Slack user as it stands in `Decision.by`: `slack:T0ACME:U0ANN`. */
export function slackIdentity({ workspace, user }: SlackUser): string {
  return `slack:${workspace}:${user}`
}

/** The Slack user that an identity is; undefined for an IAM identity. */
export function slackUserOf(by: string): SlackUser | undefined {
  const [, workspace, user] = /^slack:([A-Z0-9]+):([A-Z0-9]+)$/.exec(by) ?? []
  return workspace !== undefined && user !== undefined ? { workspace, user } : undefined
}

/** By which way somebody speaks. */
export function wayOf(by: string): 'slack' | 'cli' {
  return slackUserOf(by) === undefined ? 'cli' : 'slack'
}
