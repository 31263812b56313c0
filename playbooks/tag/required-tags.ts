import type { ConfigurationItem } from '@aws-sdk/client-config-service'
import * as z from 'zod/mini'
import type { FindingResource } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { config } from '../../src/playbook/matchers.ts'
import { NO_IMPACT } from '../../src/playbook/plan.ts'
import {
  compliant,
  definePlaybook,
  gone,
  type NotApplicable,
  notApplicable,
  type Reader,
  type Tags,
  type Target,
  Unplannable,
} from '../../src/playbook/playbook.ts'
import type { ArnPlace } from '../../src/playbook/resource/fill-arn.ts'
import { IDS, isTagged, KINDS, kindOf, ownPermissions, RESOURCE, taggedResource } from './kinds.ts'
import { requiredTags, verdictOn } from './wanted-tags.ts'

const parameters = z.strictObject({
  values: z
    ._default(
      z.record(z.string().check(z.regex(/^(?!aws:).{1,128}$/i)), z.string().check(z.maxLength(256))),
      {},
    )
    .check(
      z.describe(
        'what a missing tag says, by its key, `{ environment: prod }`: for the resources of the rule',
      ),
    ),
})

interface TaggedState {
  tags: Tags
  /** Of the CloudFormation stack that made it. */
  stack?: Tags
}

/** Where a resource is asked for that the tagging API does not list: its name in AWS Config. */
type Recorded = { type: string; id: string }

/**
 * Adds the tags that a resource lacks, all of them or none, where the policy, its stack or the rule itself tells what they
 * say. A value that is there is never changed.
 */
export const requiredTagsOn = definePlaybook<z.output<typeof parameters>, TaggedState>({
  id: 'tag-required-tags',
  title: 'Add the tags that a resource has to have',
  about: {
    risk: 'Of what has no tags nobody knows whose it is, what it costs whom, and how careful one has to be with it; rules that go by tags pass it by.',
    breaks:
      'What goes by these tags is about the resource from then on: policies of IAM, schedules that stop instances at night, backups, budgets. The keys are in the plan. A value that is there already is never changed, and tags whose value nobody can tell are not made up.',
  },
  implements: ['required-tags'],
  resource: RESOURCE,
  ids: IDS,
  arn: 'arn:{partition}:*:*:{account}:{id}',
  tagsOf: 'the resource',
  property: 'Tags',
  answers: [config('REQUIRED_TAGS')],
  ruleParameters: ['REQUIRED_TAGS'],
  parameters,
  suggestedMode: 'approve',
  reads: ['tag:GetResources', 'config:GetResourceConfigHistory'],
  writes: [
    { action: 'tag:TagResources', resource: '*' },
    { action: 'tag:UntagResources', resource: '*' },
  ],
  // The tagging API calls each service with the caller's own rights.
  writesAlsoNeed: KINDS.flatMap((kind) => ownPermissions(kind, kind.arn)),
  named: taggedResource,

  /** AWS Config names by type and id, and knows the ARN. */
  async targets(finding, _parameters, aws) {
    const targets: Target[] = []
    for (const resource of finding.resources) {
      const target = await targetFor(resource, aws, finding)
      if ('kind' in target) return target
      targets.push(target)
    }
    return [...new Map(targets.map((target) => [target.key, target])).values()]
  },

  async inspect(target, _parameters, aws, { first }) {
    const tags =
      (await listedTags(aws, target.resource)) ?? (await untagged(aws, target.data as Recorded | undefined))
    if (tags === 'gone') return gone
    const stackId = tags['aws:cloudformation:stack-id']
    const stack = stackId === undefined ? undefined : await listedTags(aws, stackId)
    const state: TaggedState = { tags, ...(stack && { stack }) }
    return first ? { state, tags } : { state }
  },

  plan({ tags, stack }, findings, { values }, target) {
    const required = requiredTags(findings, values)
    const kind = kindOf(target)
    if (required.length === 0 || !kind)
      return notApplicable('neither the rule nor `values` of the policy says which tags it has to have')
    const { add, untold, wrong } = verdictOn(required, tags, [
      { name: '`values` of the policy', tags: values },
      ...(stack ? [{ name: 'its stack', tags: stack }] : []),
    ])
    if (wrong.length > 0) return notApplicable(`${wrong.join('; ')}: what is there is never changed`)
    if (untold.length > 0)
      return notApplicable(
        `nobody tells what these tags should say: ${untold.join('; ')} (\`values\` of the rule does)`,
      )
    const keys = Object.keys(add).sort()
    if (keys.length === 0) return compliant({ reason: `it has ${required.map(({ key }) => key).join(', ')}` })
    const ResourceARNList = [target.resource]
    return {
      kind: 'steps',
      before: Object.fromEntries(keys.map((key) => [key, null])),
      after: add,
      steps: [
        {
          kind: 'call',
          id: 'tag',
          summary: `add ${keys.map((key) => `${key}=${add[key]}`).join(', ')} to ${target.id}`,
          call: call('tag', 'TagResources', { ResourceARNList, Tags: add }),
          undo: [call('tag', 'UntagResources', { ResourceARNList, TagKeys: keys })],
          permissions: [
            { action: 'tag:TagResources', resource: '*' },
            { action: 'tag:UntagResources', resource: '*' },
            ...ownPermissions(kind, target.resource),
          ],
        },
      ],
    }
  },

  observe: ({ tags }, { after }) =>
    Object.fromEntries(Object.keys(after as Tags).map((key) => [key, tags[key] ?? null])),

  impact: async (_state, _aws, _target, { after }) => ({
    ...NO_IMPACT,
    summary: `what goes by ${Object.keys(after as Tags).join(', ')} (policies, schedules, budgets) is about it from then on`,
  }),
})

async function targetFor(
  { type, id, arn }: FindingResource,
  aws: Reader,
  place: ArnPlace,
): Promise<Target | NotApplicable> {
  const words = arn ?? id
  if (words.startsWith('arn:')) return taggedResource(words, place)
  if (!isTagged(type)) return notApplicable(`tags of an ${type} are not set here: a person adds them`)
  const item = await recorded(aws, { type, id })
  const isOwn = item?.arn && (!type.startsWith('AWS::EC2::') || item.arn.endsWith(`/${id}`))
  if (!isOwn) return notApplicable(`AWS Config does not say the ARN of ${type} ${id}`)
  return { ...taggedResource(item.arn!, place), data: { type, id } }
}

/** Undefined: the tagging API lists what has tags or had some; what never had any, and what there is not, it leaves out. */
async function listedTags(aws: Reader, arn: string): Promise<Tags | undefined> {
  const found = await aws.list('tag', 'GetResources', { ResourceARNList: [arn] }, 'ResourceTagMappingList')
  const own = found.find(({ ResourceARN }) => ResourceARN === arn)
  if (!own) return undefined
  return Object.fromEntries((own.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** What the tagging API does not list has no tags only where AWS Config says so, too. */
async function untagged(aws: Reader, name: Recorded | undefined): Promise<Tags | 'gone'> {
  if (name === undefined)
    throw new Unplannable(
      'the tagging API does not list it: it never had a tag, or there is no such resource',
    )
  const item = await recorded(aws, name)
  if (!item || /^ResourceDeleted/.test(item.configurationItemStatus ?? '')) return 'gone'
  if (Object.keys(item.tags ?? {}).length > 0)
    throw new Unplannable('the tagging API lists no tags of it, and AWS Config has recorded some')
  return {}
}

async function recorded(aws: Reader, { type, id }: Recorded): Promise<ConfigurationItem | undefined> {
  const input = { resourceType: type as never, resourceId: id, limit: 1 }
  try {
    return (await aws.read('config', 'GetResourceConfigHistory', input)).configurationItems?.[0]
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}
