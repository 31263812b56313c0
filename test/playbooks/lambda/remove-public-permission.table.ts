import { removePublicPermission } from '../../../playbooks/lambda/remove-public-permission.ts'
import { type Fields, failure, listOf } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingRow, type SettingTable } from '../setting-table.ts'
import { writtenPermission } from './written-permission.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize'
const permission = (Sid: string, more: object) => ({
  Sid,
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: ARN,
  ...more,
})
const open = permission('Open', { Principal: '*' })
const partner = permission('Partner', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } })
const rule = permission('Rule', {
  Principal: { Service: 'events.amazonaws.com' },
  Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/nightly' } },
})
const organization = permission('Organization', {
  Principal: '*',
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
})
const uploads = permission('Uploads', { Principal: { Service: 's3.amazonaws.com' } })
const ofAccount = { StringEquals: { 'AWS:SourceAccount': '123456789012' } }
const ownUploads = { ...uploads, Condition: ofAccount }
const anyBucket = { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::*' } }
const byUrl = permission('FunctionURLAllowPublicAccess', {
  Action: 'lambda:InvokeFunctionUrl',
  Principal: '*',
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
})
const byUrlToo = permission('FunctionURLInvokeAllowPublicAccess', {
  Principal: '*',
  Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
})

type Policies = Record<string, object[]>

const planned = (policies: Policies): Fields =>
  Object.fromEntries(
    Object.entries(policies).map(([qualifier, Statement]) => [
      qualifier,
      Statement.length > 0 ? { Version: '2012-10-17', Id: 'default', Statement } : null,
    ]),
  )
const held = (policies: Policies): Fields => policies

function becomes(live: Policies, should: Policies, more: Partial<SettingRow> = {}): SettingRow {
  return { live, should, before: planned(live), after: planned(should), leads: 'set', ...more }
}
const leaves = (live: Policies, outcome: 'alreadyCompliant' | 'failed', reason: string): SettingRow => ({
  live,
  leads: { outcome, reason },
})

const REMOVE = 'lambda:RemovePermission'
const ANEW = [REMOVE, 'lambda:AddPermission']
const NOBODY = 'no statement of the function or its aliases lets everybody in'

/** The revision of a policy: another one with every change of it. */
const revisionOf = (statements: unknown) => `r-${JSON.stringify(statements ?? []).length}`

function policyAt(fn: LiveResource, action: string, { FunctionName, Qualifier = '$LATEST' }: Fields) {
  if (!fn.isThere || FunctionName !== 'resize') throw absent(action, 'ResourceNotFoundException')
  const qualifier = String(Qualifier)
  return { qualifier, statements: listOf<{ Sid: string }>(fn.values?.[qualifier]) }
}

function refuseStale(action: string, statements: unknown, { RevisionId }: Fields): void {
  if (RevisionId !== undefined && RevisionId !== revisionOf(statements))
    throw failure(action, 'PreconditionFailedException')
}

export const table: SettingTable = {
  playbook: removePublicPermission,
  finding: { type: 'LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED', id: 'resize' },
  id: 'resize',
  should: held({ $LATEST: [partner] }),
  other: held({ $LATEST: [open] }),
  rows: [
    becomes({ $LATEST: [partner, open] }, { $LATEST: [partner] }),
    becomes(
      { $LATEST: [open] },
      { $LATEST: [] },
      {
        more: { url: 'https://abc.lambda-url.eu-west-1.on.aws/', auth: 'AWS_IAM' },
        unwarned: 'anybody may call',
      },
    ),
    becomes({ $LATEST: [rule], live: [{ ...open, Resource: `${ARN}:live` }] }, { $LATEST: [rule], live: [] }),
    becomes({ $LATEST: [rule, uploads] }, { $LATEST: [rule, ownUploads] }, { changes: ANEW }),
    becomes(
      { $LATEST: [{ ...uploads, Condition: anyBucket }] },
      { $LATEST: [{ ...uploads, Condition: { ...anyBucket, ...ofAccount } }] },
      { changes: ANEW, caution: 'statement "Uploads" has a condition (AWS:SourceArn)' },
    ),
    becomes(
      { $LATEST: [byUrl, byUrlToo] },
      { $LATEST: [] },
      {
        more: { url: 'https://abc.lambda-url.eu-west-1.on.aws/' },
        changes: [REMOVE, REMOVE],
        caution: 'anybody may call the function by https://abc.lambda-url.eu-west-1.on.aws/',
        unwarned: 'has a condition',
      },
    ),
    becomes(
      { $LATEST: [uploads, open], live: [{ ...open, Sid: 'Live', Resource: `${ARN}:live` }] },
      { $LATEST: [ownUploads], live: [] },
      { changes: [REMOVE, ...ANEW, REMOVE] },
    ),
    leaves({ $LATEST: [rule, partner, organization, ownUploads] }, 'alreadyCompliant', NOBODY),
    leaves({}, 'alreadyCompliant', NOBODY),
    leaves(
      { $LATEST: [{ ...open, NotPrincipal: '*', Principal: undefined }] },
      'failed',
      'allows something to all but',
    ),
    leaves(
      { $LATEST: [{ ...open, Resource: '*' }] },
      'failed',
      'statement "Open" could not be put back as it is',
    ),
    leaves(
      { $LATEST: [{ ...open, Condition: { StringLike: { 'aws:UserAgent': 'x' } } }] },
      'failed',
      'statement "Open" could not be put back as it is',
    ),
  ],
  change: REMOVE,
  wire: {
    notKept:
      'moto 5.2 refuses each RevisionId with which a permission is removed (it holds a list against a text), and gives aliases no policies of their own; without the revision all of it was seen there. The model of this table keeps policies by qualifier, with their revisions',
  },
  aws: (fn) => ({
    lambda: {
      ListAliases: (input) => {
        policyAt(fn, 'lambda:ListAliases', input)
        const names = Object.keys(fn.values ?? {}).filter((name) => name !== '$LATEST')
        return { Aliases: names.map((Name) => ({ Name })) }
      },
      ListTags: ({ Resource }) => {
        if (!fn.isThere || Resource !== ARN) throw absent('lambda:ListTags', 'ResourceNotFoundException')
        return { Tags: Object.fromEntries(fn.tags.map(({ Key, Value }) => [Key, Value])) }
      },
      GetPolicy: (input) => {
        const { statements } = policyAt(fn, 'lambda:GetPolicy', input)
        if (statements.length === 0) throw absent('lambda:GetPolicy', 'ResourceNotFoundException')
        const document = { Version: '2012-10-17', Id: 'default', Statement: statements }
        return { Policy: JSON.stringify(document), RevisionId: revisionOf(statements) }
      },
      GetFunctionUrlConfig: (input) => {
        policyAt(fn, 'lambda:GetFunctionUrlConfig', input)
        const { url, auth = 'NONE' } = fn.more
        if (!url) throw absent('lambda:GetFunctionUrlConfig', 'ResourceNotFoundException')
        return { FunctionUrl: url, AuthType: auth }
      },
      RemovePermission: (input) => {
        const { qualifier, statements } = policyAt(fn, REMOVE, input)
        refuseStale(REMOVE, statements, input)
        if (!statements.some(({ Sid }) => Sid === input.StatementId))
          throw absent(REMOVE, 'ResourceNotFoundException')
        fn.values = { ...fn.values, [qualifier]: statements.filter(({ Sid }) => Sid !== input.StatementId) }
        return {}
      },
      AddPermission: (input) => {
        const { qualifier, statements } = policyAt(fn, 'lambda:AddPermission', input)
        refuseStale('lambda:AddPermission', statements, input)
        if (statements.some(({ Sid }) => Sid === input.StatementId))
          throw failure('lambda:AddPermission', 'ResourceConflictException')
        fn.values = { ...fn.values, [qualifier]: [...statements, writtenPermission(input, ARN)] }
        return {}
      },
    },
  }),
}
