import { requiredTagsOn } from '../../../playbooks/tag/required-tags.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import type { LiveResource, SettingTable } from '../setting-table.ts'

const INSTANCE = 'i-0123456789abcdef0'
const ARN = `arn:aws:ec2:eu-west-1:123456789012:instance/${INSTANCE}`
const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/0a1b2c3d'
const name = { Name: 'web-1' }
const should = { ...name, environment: 'prod', team: 'web' }
const both = { environment: 'prod', team: 'web' }
const madeBy = (stack: Fields) => ({ stack })
const inStack = madeBy({ team: 'web', environment: 'test' })

/** What AWS lists of it: what never had a tag it leaves out. */
function mapped(instance: LiveResource, arn: string) {
  const { values, tags, more } = instance
  const of = (all: object) => Object.entries(all).map(([Key, Value]) => ({ Key, Value }))
  if (arn === STACK) return more.stack ? [{ ResourceARN: STACK, Tags: of(more.stack) }] : []
  if (arn !== ARN || !instance.isThere || values === null) return []
  const stack = more.stack ? { 'aws:cloudformation:stack-id': STACK } : {}
  return [{ ResourceARN: ARN, Tags: [...of({ ...values, ...stack }), ...tags] }]
}

/** The tagging API answers 200 all the same. */
function changed(instance: LiveResource, change: (tags: Fields) => Fields): Fields {
  const failure = {
    StatusCode: 400,
    ErrorCode: 'InvalidInstanceID.NotFound',
    ErrorMessage: 'no such instance',
  }
  if (!instance.isThere) return { FailedResourcesMap: { [ARN]: failure } }
  instance.values = change(instance.values ?? {})
  return { FailedResourcesMap: {} }
}

export const table: SettingTable = {
  playbook: requiredTagsOn,
  finding: {
    type: 'REQUIRED_TAGS',
    id: INSTANCE,
    resourceType: 'AWS::EC2::Instance',
    evidence: {
      ruleParameters: { tag1Key: 'environment', tag1Value: 'prod', tag3Key: 'team', tag3Value: 'web, shop' },
    },
  },
  id: `instance/${INSTANCE}`,
  should,
  other: { team: 'shop' },
  rows: [
    // What the stack says of the environment the rule does not allow: there the rule has one value only.
    {
      live: name,
      more: madeBy({ team: 'web' }),
      before: { environment: null, team: null },
      after: both,
      leads: 'set',
    },
    {
      live: { ...name, team: 'shop' },
      should: { ...name, team: 'shop', environment: 'prod' },
      before: { environment: null },
      after: { environment: 'prod' },
      leads: 'set',
    },
    { live: should, leads: { outcome: 'alreadyCompliant', reason: 'it has environment, team' } },
    {
      live: name,
      leads: { outcome: 'notApplicable', reason: 'nobody tells what these tags should say: team' },
    },
    {
      live: name,
      more: inStack,
      leads: {
        outcome: 'notApplicable',
        reason: 'environment, for which its stack says "test" and the rule allows prod',
      },
    },
    {
      live: { ...both, environment: 'playground' },
      leads: {
        outcome: 'notApplicable',
        reason:
          'environment is "playground", which the rule does not allow (prod): what is there is never changed',
      },
    },
    // Case counts.
    {
      live: { Environment: 'prod', Team: 'web' },
      leads: { outcome: 'notApplicable', reason: 'these tags should say: team' },
    },
    {
      live: null,
      leads: { outcome: 'notApplicable', reason: 'these tags should say: team' },
    },
    {
      live: null,
      more: { recorded: { team: 'web' } },
      leads: { outcome: 'failed', reason: 'AWS Config has recorded some' },
    },
  ],
  change: 'tag:TagResources',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-untagged'
      await send('s3', 'CreateBucket', { Bucket })
      const before = { Name: 'web-1', team: 'shop' }
      const TagSet = Object.entries(before).map(([Key, Value]) => ({ Key, Value }))
      await send('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet } })
      const live = async () => {
        const { TagSet = [] } = await send('s3', 'GetBucketTagging', { Bucket })
        return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]))
      }
      return { id: `arn:aws:s3:::${Bucket}`, live, should: { ...before, environment: 'prod' } }
    },
  },
  aws: (instance) => ({
    config: {
      GetResourceConfigHistory: () => {
        const configurationItemStatus = instance.isThere ? 'OK' : 'ResourceDeleted'
        return {
          configurationItems: [{ arn: ARN, configurationItemStatus, tags: instance.more.recorded ?? {} }],
        }
      },
    },
    tag: {
      GetResources: ({ ResourceARNList }) => ({
        ResourceTagMappingList: mapped(instance, (ResourceARNList as string[])[0]!),
      }),
      TagResources: ({ Tags }) => changed(instance, (tags) => ({ ...tags, ...(Tags as Fields) })),
      UntagResources: ({ TagKeys }) =>
        changed(instance, (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key]) => !(TagKeys as string[]).includes(key))),
        ),
    },
  }),
}
