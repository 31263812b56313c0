import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

const ec2 = (kind: string, id: string) => `arn:aws:ec2:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:${kind}/${id}`

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html: somebody opens a group. */
export function groupOpened(group: string, port: number) {
  const eventID = '7d1f0c1a-5b2e-4a90-9c63-0f2e1d4c5b6a'
  return envelope('aws.ec2', 'AWS API Call via CloudTrail', eventID, {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEBOB0000000',
      arn: `arn:aws:iam::${SANDBOX_ACCOUNT}:user/bob`,
      accountId: SANDBOX_ACCOUNT,
      userName: 'bob',
    },
    eventTime: TIME,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'AuthorizeSecurityGroupIngress',
    awsRegion: SANDBOX_REGION,
    sourceIPAddress: '198.51.100.24',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: {
      groupId: group,
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: port,
            toPort: port,
            groups: {},
            ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    },
    responseElements: { requestId: '2f6c6f0a-4c0a-4b7e-8f5e-6d7c8b9a0f1e', _return: true },
    requestID: '2f6c6f0a-4c0a-4b7e-8f5e-6d7c8b9a0f1e',
    eventID,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: SANDBOX_ACCOUNT,
    eventCategory: 'Management',
  })
}

/** https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html: a key lies in the open. */
export function keyExposed(key: string, userName: string) {
  const name = 'AWS_RISK_CREDENTIALS_EXPOSED'
  return envelope('aws.health', 'AWS Health Event', key, {
    eventArn: `arn:aws:health:${SANDBOX_REGION}::event/RISK/${name}/${name}-a1b2c3d4e5`,
    service: 'RISK',
    eventTypeCode: name,
    eventTypeCategory: 'issue',
    eventScopeCode: 'ACCOUNT_SPECIFIC',
    communicationId: '0f1e2d3c4b5a69788796a5b4c3d2e1f000112233-1',
    startTime: 'Fri, 20 Nov 2026 09:10:00 GMT',
    lastUpdatedTime: 'Fri, 20 Nov 2026 09:14:27 GMT',
    statusCode: 'open',
    eventRegion: SANDBOX_REGION,
    eventDescription: [{ language: 'en_US', latestDescription: 'An access key was found in public.' }],
    eventMetadata: { publicKey: key, userName, exposedUrl: 'https://git.example/shop/config' },
    affectedEntities: [{ entityValue: key, lastUpdatedTime: 'Fri, 20 Nov 2026 09:14:27 GMT' }],
    affectedAccount: SANDBOX_ACCOUNT,
    page: '1',
    totalPages: '1',
  })
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html */
export function scheduleDue(rule: string) {
  const resources = [`arn:aws:events:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:rule/${rule}`]
  return { ...envelope('aws.events', 'Scheduled Event', rule, {}), resources }
}

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/monitor-tag-changes.html */
export function tagsChanged(instance: string) {
  const event = envelope('aws.tag', 'Tag Change on Resource', instance, {
    'changed-tag-keys': ['owner'],
    service: 'ec2',
    'resource-type': 'instance',
    version: 3,
    tags: { Name: 'web-server' },
  })
  return { ...event, resources: [ec2('instance', instance)] }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
export function patchComplianceLost(instance: string) {
  const event = envelope('aws.ssm', 'Configuration Compliance State Change', instance, {
    'last-runtime': '2026-11-20T09:12:00Z',
    'compliance-status': 'non_compliant',
    'resource-type': 'managed-instance',
    'resource-id': instance,
    'compliance-type': 'Patch',
    'patch-baseline-id': 'pb-0123456789abcdef0',
    severity: 'high',
  })
  return {
    ...event,
    resources: [`arn:aws:ssm:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:managed-instance/${instance}`],
  }
}

/** The end of a command that somebody else sent. */
export function commandEnded(instance: string) {
  const command = '4e5f60a1-b2c3-4d5e-8f90-a1b2c3d4e5f6'
  const event = envelope('aws.ssm', 'EC2 Command Invocation Status-change Notification', command, {
    'command-id': command,
    'document-name': 'AWS-RunPatchBaseline',
    'instance-id': instance,
    'requested-date-time': '2026-11-20T09:10:00Z',
    status: 'Success',
  })
  return { ...event, resources: [ec2('instance', instance)] }
}
