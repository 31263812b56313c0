import { accountAt } from '../../account.ts'
import { at, list, text } from '../../fields.ts'
import type { FindingResource, Remote } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { regionOf } from '../../region.ts'
import { resourceNamed } from '../../resource-names.ts'
import { resourcesOr } from '../resources-told.ts'

const SEQUENCE = 'service.detection.sequence'

/** The part of an attack sequence that is in one account and region. */
export interface SequencePart {
  account: string
  region: string
  resources: FindingResource[]
  objects: string[]
}

/** `resourceType` of an attack sequence (API reference, ResourceV2) → CloudFormation type; what is not here has none. */
const TYPES = new Map([
  ['ACCESS_KEY', 'AWS::IAM::AccessKey'],
  ['IAM_INSTANCE_PROFILE', 'AWS::IAM::InstanceProfile'],
  ['AUTOSCALING_AUTO_SCALING_GROUP', 'AWS::AutoScaling::AutoScalingGroup'],
  ['EC2_INSTANCE', 'AWS::EC2::Instance'],
  ['EC2_NETWORK_INTERFACE', 'AWS::EC2::NetworkInterface'],
  ['EC2_IMAGE', 'AWS::EC2::Image'],
  ['EC2_LAUNCH_TEMPLATE', 'AWS::EC2::LaunchTemplate'],
  ['EC2_VPC', 'AWS::EC2::VPC'],
  ['S3_BUCKET', 'AWS::S3::Bucket'],
  ['S3_OBJECT', 'AWS::S3::Object'],
  ['EKS_CLUSTER', 'AWS::EKS::Cluster'],
  ['ECS_CLUSTER', 'AWS::ECS::Cluster'],
  ['ECS_TASK', 'AWS::ECS::Task'],
  ['CLOUDFORMATION_STACK', 'AWS::CloudFormation::Stack'],
])

/** By its type also where what it is made of was left out: then it is about the account. */
export const isSequence = (body: Fields): boolean =>
  isFields(at(body, SEQUENCE)) || (text(body, 'type')?.startsWith('AttackSequence:') ?? false)

/** Id of a sequence, the same on each part of it. */
export const sequenceId = (body: Fields): string | undefined =>
  text(body, `${SEQUENCE}.uid`) ?? text(body, 'id')

/** The addresses that the actors came from or went to. */
export function endpoints(body: Fields): Remote[] {
  return list(body, `${SEQUENCE}.endpoints`).flatMap((endpoint) => {
    const address = text(endpoint, 'ip')
    const said = text(endpoint, 'connection.direction')
    if (address === undefined) return []
    return [{ address, ...((said === 'INBOUND' || said === 'OUTBOUND') && { direction: said }) }] as Remote[]
  })
}

/**
 * The resources of a sequence by the account and region that each is in, in the order of the event. Containers and
 * workloads of Kubernetes have no name in AWS: their cluster is named beside them.
 * @param home the finding's own account and region, for resources that say none
 */
export function sequenceParts(body: Fields, home: { account: string; region: string }): SequencePart[] {
  const named = list(body, `${SEQUENCE}.resources`).flatMap((each) => {
    const resource = inAws(each)
    if (resource === undefined) return []
    const account = accountAt(each, 'accountId') ?? home.account
    return [{ account, region: regionOf('region', text(each, 'region'), home.region), resource }]
  })
  const places = Map.groupBy(named, ({ account, region }) => `${account} ${region}`)
  const parts = [...places.values()].map((its): SequencePart => {
    const { account, region } = its[0]!
    const objects = its.filter(({ resource }) => resource.type === 'AWS::S3::Object')
    const others = its.filter((each) => !objects.includes(each))
    return {
      account,
      region,
      resources: resourcesOr(
        account,
        others.map(({ resource }) => resource),
      ),
      objects: objects.map(({ resource }) => resource.id),
    }
  })
  return parts.length > 0 ? parts : [{ ...home, resources: resourcesOr(home.account, []), objects: [] }]
}

/** A resource as AWS names it; undefined for one that has no name there. */
function inAws(resource: unknown): FindingResource | undefined {
  const type = TYPES.get(text(resource, 'resourceType') ?? '')
  if (type === undefined) return undefined
  const uid = text(resource, 'uid')
  if (type === 'AWS::IAM::AccessKey') {
    const id = uid ?? text(resource, 'name')
    return id === undefined ? undefined : { type, id }
  }
  return resourceNamed(type, uid ?? text(resource, 'name'))
}
