import pLimit from 'p-limit'
import { call } from '../../src/playbook/api.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, listed, lookCall, optionally, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ssm } from '../services.ts'
import { PUBLIC_SHARING, PUBLIC_SHARING_ARN } from './public-sharing.ts'

const ARN = 'arn:{partition}:ssm:{region}:{account}:document/{id}'

/** The versions by which AWS takes a share; without one it shares the default (API_ModifyDocumentPermission). */
const SETTABLE = /^\$(ALL|DEFAULT|LATEST)$/

const sharesOf = (Name: string) => ({ Name, PermissionType: 'Share' as const })
const isEverybody = (account = ''): boolean => account.toLowerCase() === 'all'

const sharedWith = listed(ssm, 'DescribeDocumentPermission', 'AccountIds', sharesOf, (all) => all)
/** Which version is shared with whom. */
const versions = listed(ssm, 'DescribeDocumentPermission', 'AccountSharingInfoList', sharesOf, (all) => all)
const block = optionally(
  ssm,
  'GetServiceSetting',
  () => ({ SettingId: PUBLIC_SHARING }),
  ({ ServiceSetting }) => ServiceSetting?.SettingValue,
)

/** Ends what a document of Systems Manager shares with everybody. Shares with accounts by number stay. */
export const unshareDocument = defineSetting({
  id: 'ssm-unshare-document',
  title: 'Make a public Systems Manager document private',
  about: {
    risk: 'Anybody with an AWS account reads the document: commands, names of hosts and buckets, at worst secrets that somebody wrote into it.',
    breaks:
      'Other accounts that run the document without being named in its shares cannot any more. Who they are is not to be seen; the plan says with whom it stays shared.',
  },
  implements: ['ssm-document-private'],
  resource: 'AWS::SSM::Document',
  ids: nameIds(/[\w.-]/, 128, ['my-document']),
  arn: ARN,
  tagsOf: 'the document',
  answers: [
    config('SSM_DOCUMENT_NOT_PUBLIC'),
    securityHub('SSM.4'),
    prowler('ssm_documents_set_as_public'),
    cloudTrail('ssm:ModifyDocumentPermission'),
  ],
  suggestedMode: 'auto',
  readsOn: {
    'ssm:DescribeDocumentPermission': [ARN],
    'ssm:GetServiceSetting': [PUBLIC_SHARING_ARN],
  },
  look: allOf({ sharedWith, versions, block }),
  inAccount: { calls: [lookCall(ssm, 'ListDocuments')], wrong: publicDocuments },
  tags: read(
    ssm,
    'ListTagsForResource',
    (ResourceId) => ({ ResourceType: 'Document' as const, ResourceId }),
    ({ TagList }) => tagsIn(TagList),
  ),
  values: ({ sharedWith, versions }) => {
    if (!sharedWith.some(isEverybody)) return { public: false, version: null }
    const { SharedDocumentVersion: version = '' } =
      versions.find(({ AccountId }) => isEverybody(AccountId)) ?? {}
    return { public: true, version: SETTABLE.test(version) ? version : '$DEFAULT' }
  },
  should: { public: false, version: null },
  set: (id, { public: isPublic, version }) =>
    call('ssm', 'ModifyDocumentPermission', {
      ...sharesOf(id),
      ...(isPublic
        ? { AccountIdsToAdd: ['all'], ...(version !== null && { SharedDocumentVersion: version }) }
        : { AccountIdsToRemove: ['all'] }),
    }),
  effect: 'only the owner, and whom its shares name, can read and run the document from now on',
  warnings: ({ sharedWith, block: { told } }) => {
    const others = sharedWith.filter((account) => !isEverybody(account)).sort()
    return [
      ...(others.length > 0 ? [`it stays shared with ${others.join(', ')}`] : []),
      ...(told === 'Disable' ? ['an undo needs the block of public sharing off in this region'] : []),
      'copies that others have made of it stay theirs',
    ]
  },
})

/** The account's documents that are public by their own shares: Systems Manager has no filter for that. */
async function publicDocuments(aws: Reader): Promise<string[]> {
  const own = { Filters: [{ Key: 'Owner', Values: ['Self'] }] }
  const documents = await aws.list('ssm', 'ListDocuments', own, 'DocumentIdentifiers')
  const limit = pLimit(8)
  const confirmed = await Promise.all(
    documents.map(({ Name = '' }) => limit(async () => ((await isPublic(aws, Name)) ? [Name] : []))),
  )
  return confirmed.flat().sort()
}

async function isPublic(aws: Reader, name: string): Promise<boolean> {
  try {
    const accounts = await aws.list('ssm', 'DescribeDocumentPermission', sharesOf(name), 'AccountIds')
    return accounts.some(isEverybody)
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}
