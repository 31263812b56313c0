import { accountAt, accountOf } from '../../account.ts'
import { arnOf } from '../../arn.ts'
import { missing } from '../../bad-event.ts'
import { at, list, port, present, range, required, text } from '../../fields.ts'
import type { Evidence, Finding, FindingResource, FindingStatus } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { partitionOf, regionOf } from '../../region.ts'
import { resourceNamed } from '../../resource-names.ts'
import { version } from '../../version.ts'
import type { Told } from '../../wrapping.ts'
import { observed } from '../observed.ts'
import { resourcesOr, within } from '../resources-told.ts'
import type { SourceReader } from '../source.ts'
import { isFrom, notice } from '../told-notice.ts'
import { severitySaid, statusSaid } from '../words.ts'

/**
 * Amazon Inspector (v2): "Inspector2 Finding", its bare detail, and findings as ListFindings answers them. Scans and
 * coverage are told for information. Inspector user guide, "Amazon EventBridge event schema".
 */
export const inspector: SourceReader = {
  recognises: (body, told) => isFrom(told, 'aws.inspector2') || text(body, 'findingArn') !== undefined,
  read(body, told) {
    const other =
      isFrom(told, 'aws.inspector2') &&
      text(body, 'findingArn') === undefined &&
      told.detailType !== 'Inspector2 Finding'
    return other
      ? notice('inspector', required('detail-type', told.detailType), body, told)
      : finding(body, told)
  },
}

const STATUS = new Map<string, FindingStatus>([
  ['ACTIVE', 'active'],
  ['CLOSED', 'resolved'],
  ['SUPPRESSED', 'suppressed'],
])

function finding(body: Fields, told: Told): Finding {
  const id = required('findingArn', text(body, 'findingArn'))
  const type = required('type', text(body, 'type'))
  const account = accountOf('awsAccountId', accountAt(body, 'awsAccountId'))
  const observedAt = observed(body, told, 'updatedAt', 'lastObservedAt', 'firstObservedAt')
  const resources = list(body, 'resources')
  const region = regionOfResource(resources[0], id, told)
  const named = resources.flatMap((each) => resourceOf(each) ?? []).map((each) => within(account, each))
  if (named.length === 0) throw missing('resources')
  return {
    id,
    version: version(observedAt),
    source: 'inspector',
    type,
    title: text(body, 'title') ?? type,
    severity: severitySaid(body, 'severity'),
    status: statusSaid(body, 'status', STATUS),
    account,
    region,
    partition: partitionOf(region, id),
    resources: resourcesOr(account, named),
    observedAt,
    evidence: evidence(body, named),
  }
}

/** Images have `N/A` for a region; their ARN and that of the finding know it. */
function regionOfResource(resource: unknown, findingArn: string, told: Told): string {
  return regionOf(
    'resources[0].region',
    text(resource, 'region'),
    arnOf(text(resource, 'id'))?.region,
    findingArn.split(':')[3],
    told.region,
  )
}

function resourceOf(resource: unknown): FindingResource | undefined {
  const id = text(resource, 'id')
  const type = text(resource, 'type')
  // A function comes as the ARN of a version.
  if (type === 'AWS_LAMBDA_FUNCTION') return resourceNamed(type, id?.replace(/:(\$LATEST|\d+)$/, ''))
  return resourceNamed(type, id)
}

function evidence(body: Fields, resources: FindingResource[]): Evidence {
  const steps = list(body, 'networkReachabilityDetails.networkPath.steps')
  const through = (type: string) =>
    steps
      .filter((step) => text(step, 'componentType') === type)
      .flatMap((step) => text(step, 'componentId') ?? [])
  return present({
    ports: openPorts(body),
    // A way that does not begin at the internet says nothing of what the group lets in from there.
    groups: through('AWS::EC2::InternetGateway').length > 0 ? through('AWS::EC2::SecurityGroup') : [],
    packages: packages(body),
    images: resources.filter(({ type }) => type === 'AWS::ECR::ContainerImage').map(({ id }) => id),
  })
}

function packages(body: Fields): Evidence['packages'] {
  const fixAvailable = text(body, 'fixAvailable') ?? 'UNKNOWN'
  const found = list(body, 'packageVulnerabilityDetails.vulnerablePackages').flatMap((each) => {
    const name = text(each, 'name')
    return name === undefined
      ? []
      : [{ name, manager: text(each, 'packageManager') ?? 'UNKNOWN', fixAvailable }]
  })
  // One package in two versions is patched once.
  return [...new Map(found.map((each) => [`${each.manager} ${each.name}`, each])).values()]
}

/** Of TCP, as all ports of evidence. */
function openPorts(body: Fields): number[] {
  if (text(body, 'networkReachabilityDetails.protocol') !== 'TCP') return []
  const open = at(body, 'networkReachabilityDetails.openPortRange')
  return range(port(open, 'begin'), port(open, 'end'))
}
