/** An organisation's trail writes below the organisation's id, after the prefix that it may have. */
const BELOW_ORGANIZATION = /\/o-[a-z0-9]{10,32}\//

/** What a bucket is to which an organisation's CloudTrail writes, by the text of its policy; undefined for others. */
export function logArchive(policy: string | null): string | undefined {
  const isTrails = policy?.includes('cloudtrail.amazonaws.com') && BELOW_ORGANIZATION.test(policy)
  return isTrails ? 'the log archive of the organization: its trail writes there' : undefined
}
