import { describe, expect, jest, test } from '@jest/globals'
import { requiredTagsOn } from '../../../playbooks/tag/required-tags.ts'
import { finding, newWorld, start } from '../../engine/simulated-world.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { failure } from '../../support/aws-model/failure.ts'

const VOLUME = 'vol-0123456789abcdef0'
const ARN = `arn:aws:ec2:eu-west-1:123456789012:volume/${VOLUME}`
const RULE = { tag1Key: 'environment' }
const POLICY = `version: 1
rules:
  - when: { playbook: tag-required-tags }
    mode: auto
    parameters:
      values: { environment: prod, aside: never }
`

interface About {
  type?: string
  id?: string
  arn?: string
  source?: 'config' | 'manual'
  ruleParameters?: Record<string, string>
}

/** A volume that never had a tag, and what the run makes of a finding about it. */
async function ended(about: About = {}, answers: { config?: Fields; failed?: Fields } = {}, policy = POLICY) {
  const { type = 'AWS::EC2::Volume', id = VOLUME, arn, source = 'config', ruleParameters } = about
  const world = newWorld(policy)
  let tags: Fields | undefined
  world.aws.answering('config', {
    GetResourceConfigHistory: () => {
      if (answers.config === undefined)
        return { configurationItems: [{ arn: ARN, configurationItemStatus: 'OK' }] }
      if (answers.config.error) throw failure('config:GetResourceConfigHistory', String(answers.config.error))
      return answers.config
    },
  })
  world.aws.answering('tag', {
    GetResources: () => ({
      ResourceTagMappingList: tags
        ? [{ ResourceARN: ARN, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }]
        : [],
    }),
    TagResources: ({ Tags }) => {
      if (answers.failed) return { FailedResourcesMap: { [ARN]: answers.failed } }
      tags = Tags as Fields
      return {}
    },
    UntagResources: ({ TagKeys }) => {
      tags = Object.fromEntries(
        Object.entries(tags ?? {}).filter(([key]) => !(TagKeys as string[]).includes(key)),
      )
      return {}
    },
  })
  const resource = { type, id, ...(arn && { arn }) }
  const evidence = ruleParameters ? { ruleParameters } : {}
  const told = finding(world, { source, type: 'REQUIRED_TAGS', resources: [resource], evidence })
  const { runs } = await start(world).engine.handle([told], 'apply')
  return { run: runs.find(({ playbook }) => playbook === requiredTagsOn.id)!, tags: () => tags, world }
}

describe('what never had a tag', () => {
  test('gets those that the rule asks for, with what the policy says, and no other', async () => {
    const { run, tags, world } = await ended({ ruleParameters: RULE })
    expect(run).toMatchObject({ outcome: 'remediated', target: { id: `volume/${VOLUME}`, resource: ARN } })
    expect(tags()).toEqual({ environment: 'prod' })
    expect(world.aws.changes()).toMatchObject([
      { action: 'tag:TagResources', input: { ResourceARNList: [ARN], Tags: { environment: 'prod' } } },
    ])
    expect(run.plan?.steps[0]?.permissions).toEqual([
      { action: 'tag:TagResources', resource: '*' },
      { action: 'tag:UntagResources', resource: '*' },
      { action: 'ec2:CreateTags', resource: ARN },
      { action: 'ec2:DeleteTags', resource: ARN },
    ])
  })

  test('loses them again by an undo, which may just what the change might', async () => {
    const { run, tags, world } = await ended({ ruleParameters: RULE })
    const send = jest.spyOn(world.aws, 'send')
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
    const { runs } = await engine.undo(run.id, { restFor: 'PT24H' })
    expect(runs).toMatchObject([{ outcome: 'undone' }])
    expect(tags()).toEqual({})
    const taken = send.mock.calls.find(([, { operation }]) => operation === 'UntagResources')
    expect(taken?.[2]?.session?.permissions).toEqual([
      { action: 'tag:UntagResources', resource: '*' },
      { action: 'ec2:CreateTags', resource: ARN },
      { action: 'ec2:DeleteTags', resource: ARN },
    ])
  })

  test('is left alone where nothing but the tagging API says that it never had one', async () => {
    const { run } = await ended({ arn: ARN, ruleParameters: RULE })
    expect(run).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('does not list it') })
  })
})

test.each<[string, string, Fields]>([
  [
    'denied',
    'ec2:CreateTags',
    {
      ErrorCode: 'UnauthorizedOperation',
      ErrorMessage: 'User: arn:aws:iam::1:role/r is not authorized to perform: ec2:CreateTags on it',
    },
  ],
  ['no more than 50', 'TagLimitExceeded', { ErrorCode: 'TagLimitExceeded', StatusCode: 400 }],
])('a failure in an answer of 200 is a failure: %s', async (_, said, failed) => {
  const { run, tags } = await ended({ ruleParameters: RULE }, { failed })
  expect(run).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(said) })
  expect(tags()).toBeUndefined()
})

test.each<[string, About, Fields | undefined, Fields]>([
  ['a rule that could not be read', {}, undefined, { outcome: 'failed', reason: 'is not known' }],
  [
    'a rule without keys',
    { ruleParameters: {} },
    undefined,
    { outcome: 'notApplicable', reason: 'says which tags' },
  ],
  [
    'a kind that another way of tagging has',
    { type: 'AWS::CloudFormation::Stack', id: 'shop', ruleParameters: RULE },
    undefined,
    { outcome: 'notApplicable', reason: 'tags of an AWS::CloudFormation::Stack are not set here' },
  ],
  [
    'an ARN of another account',
    { arn: ARN.replace('123456789012', '111122223333'), ruleParameters: RULE },
    undefined,
    { outcome: 'notApplicable', reason: 'is of account 111122223333' },
  ],
  [
    'what AWS Config does not know',
    { ruleParameters: RULE },
    { error: 'ResourceNotDiscoveredException' },
    { outcome: 'notApplicable', reason: 'does not say the ARN' },
  ],
  [
    'an ARN that has a name where the id belongs',
    { ruleParameters: RULE },
    { configurationItems: [{ arn: 'arn:aws:ec2:eu-west-1:123456789012:volume/data' }] },
    { outcome: 'notApplicable', reason: 'does not say the ARN' },
  ],
  [
    'a tag that only AWS sets',
    { ruleParameters: { tag1Key: 'aws:cloudformation:stack-name', tag1Value: 'shop' } },
    undefined,
    { outcome: 'notApplicable', reason: 'aws:cloudformation:stack-name, which only AWS sets' },
  ],
])('%s leads to no change', async (_, about, config, { outcome, reason }) => {
  const { run, world } = await ended(about, config ? { config } : {})
  expect(run).toMatchObject({ outcome, reason: expect.stringContaining(String(reason)) })
  expect(world.aws.changes()).toEqual([])
})

test.each(['{ "aws:team": web }', `{ ${'k'.repeat(129)}: web }`, `{ team: ${'v'.repeat(257)} }`])(
  'a policy with values %s is refused',
  async (values) => {
    const policy = POLICY.replace(/\{ environment.*\}/, values)
    await expect(ended({}, {}, policy)).rejects.toThrow(/values/)
  },
)
