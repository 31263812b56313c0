import { ResourceType } from '@aws-sdk/client-wafv2'
import { describe, expect, test } from '@jest/globals'
import { ATTACHABLE } from '../../../playbooks/wafv2/attachments.ts'
import { bestOf, blockingAcls, isAttached } from '../../../playbooks/wafv2/blocking-rules.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'
import { denied, fakeReader, notFound } from '../../support/reader.ts'
import { reference, rule, set } from './block-list-rule.ts'

/** A request that WAF refuses as it stands. */
const refused = (code: string) =>
  new AwsError(
    { kind: 'final', code, action: 'wafv2:ListResourcesForWebACL' },
    `${code}: no such resource type`,
  )

test('of several web ACLs the one counts of which most is known', () => {
  const acl = (name: string, attached: string[], unread: string[]) => ({
    ...{ name, arn: name, rule: 'r', doubts: [], unread },
    attached: attached.map((id) => ({ type: 't', id })),
  })
  const [loose, doubtful, certain] = [
    acl('loose', [], []),
    acl('doubtful', ['a'], ['?']),
    acl('certain', ['a'], []),
  ]
  expect(bestOf([loose, doubtful, certain])).toBe(certain)
  expect(bestOf([loose, doubtful])).toBe(doubtful)
  expect(bestOf([loose])).toBe(loose)
})

describe('a web ACL is attached', () => {
  const answers = (resources: (type: string) => unknown) => ({
    'wafv2:ListWebACLs': () => ({ WebACLs: [{ Name: 'shop', Id: 'a1' }] }),
    'wafv2:GetWebACL': () => ({ WebACL: { Name: 'shop', ARN: 'arn:shop', Rules: [rule(reference)] } }),
    'wafv2:ListResourcesForWebACL': ({ ResourceType }: { ResourceType: string }) => resources(ResourceType),
  })

  test('to the first resource that is found, and then nothing more is asked', async () => {
    const aws = fakeReader(answers((type) => ({ ResourceArns: type === 'API_GATEWAY' ? ['arn:stage'] : [] })))
    expect(await blockingAcls(set, aws)).toMatchObject([
      { name: 'shop', attached: [{ type: 'AWS::ApiGateway::Stage', id: 'arn:stage' }] },
    ])
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(2)
  })

  test('when that cannot be read', async () => {
    const aws = fakeReader(
      answers(() => {
        throw denied('wafv2:ListResourcesForWebACL')
      }),
    )
    const [acl] = await blockingAcls(set, aws)
    expect(acl).toMatchObject({ attached: [], unread: [expect.stringMatching(/^attachment cannot be read/)] })
    expect(acl && isAttached(acl)).toBe(true)
  })

  test('not, when every list is empty', async () => {
    const aws = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls(set, aws)
    expect(acl && isAttached(acl)).toBe(false)
    expect(aws.count('wafv2:ListResourcesForWebACL')).toBe(8)
  })

  test('when one kind cannot be read and no other has any; one that has leaves no doubt', async () => {
    const but = (found: string[]) =>
      answers((type) => {
        if (type === 'APPSYNC') throw denied('wafv2:ListResourcesForWebACL')
        return { ResourceArns: type === 'AGENTCORE_GATEWAY' ? found : [] }
      })
    const [doubtful] = await blockingAcls(set, fakeReader(but([])))
    expect(doubtful?.unread.join()).toMatch(/APPSYNC: .* not authorized/)
    const [certain] = await blockingAcls(set, fakeReader(but(['arn:gateway'])))
    expect(certain).toMatchObject({
      attached: [{ type: 'AWS::BedrockAgentCore::Gateway', id: 'arn:gateway' }],
      unread: [],
    })
  })

  test.each(['ValidationException', 'WAFInvalidParameterException'])(
    'not to a kind that the region does not have (%s): that is no denial',
    async (code) => {
      const aws = fakeReader(
        answers((type) => {
          if (type !== 'APPLICATION_LOAD_BALANCER') throw refused(code)
          return { ResourceArns: [] }
        }),
      )
      const [acl] = await blockingAcls(set, aws)
      expect(acl && isAttached(acl)).toBe(false)
    },
  )

  test('perhaps, where the region knows no kind at all', async () => {
    const [acl] = await blockingAcls(
      set,
      fakeReader(
        answers(() => {
          throw refused('ValidationException')
        }),
      ),
    )
    expect(acl && isAttached(acl)).toBe(true)
  })

  test('asked kind by kind, for every kind that WAF knows', () => {
    expect(Object.keys(ATTACHABLE).sort()).toEqual(Object.values(ResourceType).sort())
  })

  test('to an Amplify app where it is global; what else, CloudFront would have to be asked', async () => {
    const global = { ...set, scope: 'CLOUDFRONT' } as const
    const app = fakeReader(answers((type) => ({ ResourceArns: type === 'AMPLIFY' ? ['arn:app'] : [] })))
    expect(await blockingAcls(global, app)).toMatchObject([
      { attached: [{ type: 'AWS::Amplify::App' }], unread: [] },
    ])
    const none = fakeReader(answers(() => ({ ResourceArns: [] })))
    const [acl] = await blockingAcls(global, none)
    expect(acl?.unread.join()).toContain('CloudFront')
    expect(none.count('wafv2:ListResourcesForWebACL')).toBe(1)
  })

  test('and one that vanishes after the list is passed over', async () => {
    const aws = fakeReader({
      ...answers(() => ({ ResourceArns: [] })),
      'wafv2:GetWebACL': () => {
        throw notFound('wafv2:GetWebACL', 'WAFNonexistentItemException')
      },
    })
    expect(await blockingAcls(set, aws)).toEqual([])
  })
})
