/** The parts of an Amazon Resource Name; region and account are absent where the service leaves them out. */
export interface Arn {
  partition: string
  service: string
  region?: string
  account?: string
  /** Everything after the account, with its slashes and colons. */
  resource: string
}

const ARN = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:([^\p{C}]+)$/u
/** IAM reference, "IAM ARNs": no service makes longer ones. */
const MAX_LENGTH = 2048
/** What AWS owns itself (`arn:aws:iam::aws:policy/SecurityAudit`) has no account of ours. */
const OF_AWS = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):aws:([^\p{C}]+)$/u

/** The parts of a text that is an ARN; undefined for any other, also for a misspelled one. */
export function arnOf(text: string | undefined): Arn | undefined {
  if (!text?.startsWith('arn:') || text.length > MAX_LENGTH) return undefined
  const [, partition, service, region, account, resource] =
    ARN.exec(text) ?? OF_AWS.exec(text)?.toSpliced(4, 0, '') ?? []
  if (partition === undefined || service === undefined || resource === undefined) return undefined
  return { partition, service, resource, ...(region && { region }), ...(account && { account }) }
}
