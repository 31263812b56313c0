import { dryRunAnswer, ec2Answer, withBody } from '../front/answer.ts'
import { type AwsRequest, listOf, withQuery } from '../front/request.ts'
import { filterItems } from '../front/xml-items.ts'
import type { Answerer } from './answerer.ts'

const placeOf = ({ account, region }: AwsRequest) => `${account}/${region}`

/** Block public access, for snapshots and for images: one state per account and region, `unblocked` at first. */
const publicBlock =
  (
    of: 'snapshotBlock' | 'imageBlock',
    field: string,
    state: (request: AwsRequest) => string | undefined,
  ): Answerer =>
  (request, control) => {
    if (request.dryRun) return dryRunAnswer(request)
    const next = state(request)
    if (next) control[of].set(placeOf(request), next)
    const now = control[of].get(placeOf(request)) ?? 'unblocked'
    const manager = next ? '' : '<managedBy>account</managedBy>'
    return ec2Answer(request, `<${field}>${now}</${field}>${manager}`)
  }

const snapshotBlock = (state: (request: AwsRequest) => string | undefined) =>
  publicBlock('snapshotBlock', 'state', state)
const imageBlock = (state: (request: AwsRequest) => string | undefined) =>
  publicBlock('imageBlock', 'imageBlockPublicAccessState', state)

/**
 * The emulator takes `OperationType` with `GroupNames` and `UserIds`; the form `CreateVolumePermission.Add|Remove`
 * it answers with success and ignores. AWS refuses both kinds in one call.
 */
const modifySnapshotAttribute: Answerer = (request, _control, forward) => {
  const { input } = request
  const kind =
    ['Add', 'Remove'].find((word) => `CreateVolumePermission.${word}.1.Group` in input) ??
    ['Add', 'Remove'].find((word) => `CreateVolumePermission.${word}.1.UserId` in input)
  if (!kind) return forward(request)
  const query: Record<string, string> = {
    SnapshotId: String(input.SnapshotId),
    Attribute: 'createVolumePermission',
    OperationType: kind.toLowerCase(),
    ...(request.dryRun ? { DryRun: 'true' } : {}),
  }
  let groups = 0
  let users = 0
  for (const [name, value] of Object.entries(input)) {
    const what = new RegExp(`^CreateVolumePermission\\.${kind}\\.\\d+\\.(Group|UserId)$`).exec(name)?.[1]
    if (what === 'Group') query[`UserGroup.${++groups}`] = String(value)
    if (what === 'UserId') query[`UserId.${++users}`] = String(value)
  }
  return forward(withQuery(request, query))
}

/** A rule id that is not there has a code of its own; the emulator gives that of an absent tuple. */
const revoke: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  const ids = listOf(request.input, 'SecurityGroupRuleId')
  const body = answer.body.toString()
  if (answer.status !== 400 || ids.length === 0 || !body.includes('InvalidPermission.NotFound')) return answer
  return withBody(answer, body.replace('InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound'))
}

/** The emulator has no filter by public address. */
const describeNetworkInterfaces: Answerer = async (request, _control, forward) => {
  const filters = Object.entries(request.input).filter(([, name]) =>
    /^(addresses\.)?association\.public-ip$/.test(String(name)),
  )
  if (filters.length === 0) return forward(request)
  const wanted = filters.map(([field]) => listOf(request.input, field.replace(/Name$/, 'Value')))
  const rest = Object.entries(request.input).filter(
    ([field]) => !filters.some(([name]) => field.startsWith(name.replace(/Name$/, ''))),
  )
  const answer = await forward(
    withQuery(request, Object.fromEntries(rest.map(([name, value]) => [name, String(value)]))),
  )
  const has = (item: string, address: string) => item.includes(`<publicIp>${address}</publicIp>`)
  const keep = (item: string) => wanted.every((addresses) => addresses.some((address) => has(item, address)))
  return withBody(answer, filterItems(answer.body.toString(), 'networkInterfaceSet', keep))
}

/** The emulator ignores `RestorableByUserIds`; of its values only `all` is used here. */
const describeSnapshots: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  if (answer.status !== 200 || !listOf(request.input, 'RestorableBy').includes('all')) return answer
  const body = answer.body.toString()
  const shared = new Set<string>()
  for (const [, id] of body.matchAll(/<snapshotId>([^<]+)</g)) {
    const ask = withQuery(
      { ...request, operation: 'DescribeSnapshotAttribute' },
      { SnapshotId: id!, Attribute: 'createVolumePermission' },
    )
    if ((await forward(ask)).body.toString().includes('<group>all</group>')) shared.add(id!)
  }
  const keep = (item: string) => shared.has(/<snapshotId>([^<]+)</.exec(item)?.[1] ?? '')
  return withBody(answer, filterItems(body, 'snapshotSet', keep))
}

const METADATA_OPTIONS = [
  'HttpTokens',
  'HttpPutResponseHopLimit',
  'HttpEndpoint',
  'HttpProtocolIpv6',
  'InstanceMetadataTags',
]

/** The emulator carries its dry run out, and forgets the options that the call does not name. */
const modifyInstanceMetadataOptions: Answerer = async (request, _control, forward) => {
  if (request.dryRun) return dryRunAnswer(request)
  const { input } = request
  const asked = withQuery(
    { ...request, operation: 'DescribeInstances' },
    { 'InstanceId.1': String(input.InstanceId) },
  )
  const seen = (await forward(asked)).body.toString()
  const live = /<metadataOptions>(.*?)<\/metadataOptions>/s.exec(seen)?.[1] ?? ''
  const kept = METADATA_OPTIONS.flatMap((option) => {
    const name = option.charAt(0).toLowerCase() + option.slice(1)
    const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(live)?.[1]
    return value === undefined ? [] : [[option, value]]
  })
  const given = Object.entries(input).map(([name, value]) => [name, String(value)])
  return forward(withQuery(request, Object.fromEntries([...kept, ...given])))
}

/** The emulator carries the dry run of a network ACL's entry out. */
const aclEntry: Answerer = (request, _control, forward) =>
  request.dryRun ? Promise.resolve(dryRunAnswer(request)) : forward(request)

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html */
export const ec2: Record<string, Answerer> = {
  GetSnapshotBlockPublicAccessState: snapshotBlock(() => undefined),
  EnableSnapshotBlockPublicAccess: snapshotBlock(({ input }) => String(input.State)),
  DisableSnapshotBlockPublicAccess: snapshotBlock(() => 'unblocked'),
  GetImageBlockPublicAccessState: imageBlock(() => undefined),
  EnableImageBlockPublicAccess: imageBlock(({ input }) => String(input.ImageBlockPublicAccessState)),
  DisableImageBlockPublicAccess: imageBlock(() => 'unblocked'),
  ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions,
  ModifySnapshotAttribute: modifySnapshotAttribute,
  CreateNetworkAclEntry: aclEntry,
  DeleteNetworkAclEntry: aclEntry,
  DescribeSnapshots: describeSnapshots,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  RevokeSecurityGroupIngress: revoke,
  RevokeSecurityGroupEgress: revoke,
}
