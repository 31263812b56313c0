/** Records of CloudTrail, in the shape of those of AWS. */

export interface TrailRecord {
  eventVersion: string
  userIdentity: Record<string, unknown>
  eventTime: string
  eventSource: string
  eventName: string
  readOnly?: boolean
  requestParameters: unknown
  [field: string]: unknown
}

/** Ann gives a security group a tag. */
export const tagged: TrailRecord = {
  eventVersion: '1.10',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:ann',
    arn: 'arn:aws:sts::123456789012:assumed-role/Admin/ann',
    accountId: '123456789012',
    sessionContext: { sessionIssuer: { type: 'Role', userName: 'Admin' } },
  },
  eventTime: '2026-11-21T08:30:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'CreateTags',
  awsRegion: 'eu-west-1',
  readOnly: false,
  requestParameters: {
    resourcesSet: { items: [{ resourceId: 'sg-0web' }] },
    tagSet: { items: [{ key: 'rectify:exempt-until', value: '2099-12-31' }] },
  },
  responseElements: { _return: true },
  eventID: '0a1b2c3d-0000-4000-8000-000000000001',
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '123456789012',
}

/** An answer of LookupEvents. */
export const lookedUp = (...records: object[]) => ({
  Events: records.map((each) => ({ CloudTrailEvent: JSON.stringify(each) })),
})
