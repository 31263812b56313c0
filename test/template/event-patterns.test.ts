import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { sample } from '../findings/hand-written-events.ts'
import { withMinistack } from '../support/ministack.ts'
import { resourcesOf, template } from './cloudformation.ts'

const endpoint = withMinistack()

/** A configuration item change of another type of resource. */
function itemOf(name: string, field: string, resourceType: string) {
  const event = sample(name)
  event.detail[field].resourceType = resourceType
  return event
}

const commandEnded = (document: string) => ({
  ...configRule('any', 'AWS::EC2::Instance', 'i-1'),
  source: 'aws.ssm',
  'detail-type': 'EC2 Command Invocation Status-change Notification',
  detail: { 'command-id': 'c-1', 'document-name': document, 'instance-id': 'i-1', status: 'Success' },
})

describe.each(['template.yaml', 'docs/member-bus.yaml'])('the rules of %s', (path) => {
  let bus: EventBridgeClient
  beforeAll(() => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    bus = new EventBridgeClient({ endpoint: endpoint(), region: 'eu-west-1', credentials })
  })
  afterAll(() => bus.destroy())

  async function takeIn(event: object): Promise<boolean> {
    const filledIn = { version: '0', id: '1', resources: [], ...event }
    const answers = await Promise.all(
      resourcesOf(template(path).template, 'AWS::Events::Rule').map(([, { Properties }]) =>
        bus.send(
          new TestEventPatternCommand({
            EventPattern: JSON.stringify(Properties.EventPattern),
            Event: JSON.stringify(filledIn),
          }),
        ),
      ),
    )
    return answers.some(({ Result }) => Result === true)
  }

  test.each([
    ['a compliance change of whatever rule', configRule('our-own-rule', 'AWS::S3::Bucket', 'b')],
    ['a changed security group', sample('config-item-security-group')],
    ['a changed security group too large to send', sample('config-item-oversized')],
    ['a finding of GuardDuty', sample('guardduty-port-probe')],
    ['the end of a patch run', commandEnded('AWS-RunPatchBaseline')],
  ])('take in %s', async (_, event) => {
    expect(await takeIn(event)).toBe(true)
  })

  test.each([
    ['a changed bucket', itemOf('config-item-security-group', 'configurationItem', 'AWS::S3::Bucket')],
    [
      'a changed bucket too large to send',
      itemOf('config-item-oversized', 'configurationItemSummary', 'AWS::S3::Bucket'),
    ],
    ['the end of a command that nobody here sent', commandEnded('AWS-RunShellScript')],
  ])('leave out %s: nobody answers it', async (_, event) => {
    expect(await takeIn(event)).toBe(false)
  })
})
