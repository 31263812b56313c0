import { BadEvent, missing } from '../../bad-event.ts'
import { at, list, plainText, present, required, text } from '../../fields.ts'
import type { Finding } from '../../finding.ts'
import type { Fields } from '../../json-object.ts'
import { ACCOUNT_TYPE } from '../../resource-names.ts'
import { version } from '../../version.ts'
import { ruleByName } from '../config-rules.ts'
import { localPorts, remotes } from '../guardduty/guardduty-action.ts'
import { withoutKey } from '../guardduty/guardduty-resource.ts'
import { guardDutyService, resourceDetails } from './guardduty-service.ts'
import { inspected } from './inspector-inside.ts'
import { isExposure } from './ocsf.ts'
import { scanned } from './prowler-check.ts'
import { type Passed, PROWLER, type Report, SECURITY_HUB } from './report.ts'

/** Whose finding each product's is; anything else stays Security Hub's, under the product's name. */
const BY_PRODUCT = new Map<string, (report: Report) => Passed>([
  [SECURITY_HUB, control],
  ['aws/guardduty', guardDuty],
  ['aws/inspector', inspected],
  ['aws/macie', macie],
  ['aws/access-analyzer', accessAnalyzer],
  ['aws/config', config],
  ['aws/health', health],
  [PROWLER, scanned],
])

/**
 * The finding in a report: the detector's own, with `via` where Security Hub passed it on.
 * @throws BadEvent when it does not say what is wrong, or names no resource
 */
export function findingOf(report: Report): Finding {
  const passed = (BY_PRODUCT.get(report.product) ?? another)(report)
  const resources = passed.resources ?? report.resources
  if (resources.length === 0) throw missing('Resources', 'Resources name nothing that could be found again')
  const { observedAt, title, severity, account, region, partition, origin } = report
  return {
    id: passed.id,
    version: version(observedAt, passed.count),
    source: passed.source,
    ...(passed.source !== 'securityhub' && isPassedOn(report) && { via: 'securityhub' as const }),
    ...(isPassedOn(report) && { origin }),
    type: passed.type,
    title,
    severity,
    status: report.status === 'active' ? (passed.status ?? 'active') : report.status,
    account,
    region,
    partition,
    resources,
    observedAt,
    evidence: passed.evidence ?? {},
  }
}

/** Only Prowler writes the form of Security Hub to files of its own. */
const isPassedOn = ({ product, passedOn }: Report): boolean => product !== PROWLER || passedOn

function control(report: Report): Passed {
  const exposure = isExposure(at(report.body, 'finding_info')) ? 'Exposure' : undefined
  const type = required('GeneratorId', report.control ?? exposure)
  const ruleParameters = controlParameters(report)
  return {
    source: 'securityhub',
    id: report.id,
    type,
    ...(ruleParameters && { evidence: { ruleParameters } }),
  }
}

/** What a control was told to check, where its finding says so: `Compliance.SecurityControlParameters`. */
function controlParameters({ body }: Report): Record<string, string> | undefined {
  const given = list(body, 'compliance.securityControlParameters').flatMap((each) => {
    const name = text(each, 'name')
    const values = list(each, 'value').flatMap((value) => plainText(value) ?? [])
    return name === undefined ? [] : [[name, values.join(',')] as const]
  })
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

function another(report: Report): Passed {
  const generator = required('GeneratorId', report.generator)
  if (text(report.own, 'ProviderName') === 'CloudCustodian') {
    const { account, region, resources } = report
    const id = [account, region, generator, resources[0]?.id].join('/')
    return { source: 'custodian', id, type: generator }
  }
  return { source: 'securityhub', id: report.id, type: `${report.product}:${generator}` }
}

/**
 * The detector's own type in one of ASFF, which has another mark where the slash is:
 * `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce` → `UnauthorizedAccess:EC2/SSHBruteForce`, and
 * `TTPs/Discovery/IAMUser-AnomalousBehavior` → `Discovery:IAMUser/AnomalousBehavior`.
 */
function ownType(types: string[]): string | undefined {
  for (const said of types) {
    const [, family, name] = /(?:^|\/)([A-Za-z]+:[A-Za-z0-9]+)[-/. ](\S.*)$/.exec(said) ?? []
    if (family !== undefined) return `${family}/${name}`
    const [, tactic, resource, behaviour] = /^TTPs\/([A-Za-z ]+)\/([A-Za-z0-9]+)-(\S.*)$/.exec(said) ?? []
    if (tactic !== undefined) return `${tactic.replaceAll(' ', '')}:${resource}/${behaviour}`
  }
  return undefined
}

const afterFinding = (id: string): string => /\/finding\/([^/]+)$/.exec(id)?.[1] ?? id

function guardDuty(report: Report): Passed {
  const { own, body, account } = report
  const { seen, isForeignCaller } = guardDutyService(report)
  const resources = isForeignCaller ? withoutKey(report.resources) : report.resources
  const details = resourceDetails(report)
  const count = Number(text(own, 'aws/guardduty/service/count') ?? text(own, 'count') ?? text(body, 'count'))
  const archived = ['aws/guardduty/service/archived', 'archived'].some((name) => text(own, name) === 'true')
  return {
    source: 'guardduty',
    id: afterFinding(report.id),
    type: required('Types', ownType(report.types)),
    ...(archived && { status: 'archived' }),
    count: Number.isFinite(count) ? count : 0,
    // An attack sequence names signals, no resource of its own; a console log-in has no key.
    resources: resources.length > 0 ? resources : [{ type: ACCOUNT_TYPE, id: account }],
    evidence: present({
      role: role(seen),
      remotes: remotes(seen),
      ports: localPorts(seen),
      groups: [...new Set(details.flatMap(groupsOf))],
      principal: details.map(principalOf).find((each) => each !== undefined),
      accessKeyId: report.resources.find(({ type }) => type === 'AWS::IAM::AccessKey')?.id,
    }),
  }
}

function role(seen: Fields): 'TARGET' | 'ACTOR' | undefined {
  const said = text(seen, 'service.resourceRole')
  if (said === undefined || said === 'TARGET' || said === 'ACTOR') return said
  throw new BadEvent('unknownShape', `resourceRole "${said}" is not a known value`, 'ProductFields')
}

function groupsOf(details: unknown): string[] {
  return list(details, 'network_interfaces')
    .flatMap((each) => list(each, 'security_groups'))
    .map((group) => text(group, 'group_id'))
    .filter((id) => id !== undefined)
}

function principalOf(details: unknown): string | undefined {
  const key = at(details, 'awsIamAccessKey')
  return text(key, 'principalName') ?? text(key, 'userName') ?? text(key, 'principalId')
}

function macie(report: Report): Passed {
  const isObject = ({ type }: { type: string }) => type === 'AWS::S3::Object'
  const buckets = report.resources.filter((each) => !isObject(each))
  return {
    source: 'macie',
    id: /^arn:/.test(report.id) ? report.id.split('/').at(-1)! : report.id,
    type: required('Types', ownType(report.types) ?? report.types[0]),
    resources: buckets.length > 0 ? buckets : report.resources,
    evidence: present({ objects: report.resources.filter(isObject).map(({ id }) => id) }),
  }
}

function accessAnalyzer(report: Report): Passed {
  const said = report.types.map((each) => each.split('/').at(-1)!)
  const [access] = said.flatMap((each) => /^(External|Internal) Access/.exec(each)?.[1] ?? [])
  const unused = said.find((each) => each.startsWith('Unused '))?.replaceAll(' ', '')
  const type = access === undefined ? unused : `${access}Access:${report.resources[0]?.type}`
  // The id of the finding itself stands in the link to it only.
  const id = /\/findings\/details\/([\w-]+)/.exec(text(report.body, 'sourceUrl') ?? '')?.[1]
  return { source: 'accessanalyzer', id: id ?? report.id, type: required('Types', type) }
}

/** The id is that of AWS Config's own event about the rule and the resource. */
function config(report: Report): Passed {
  const { own, account, region, resources, title } = report
  const ruleName = text(own, 'aws/config/ConfigRuleName') ?? title
  const byName = ruleByName(ruleName)
  const [resource] = resources
  return {
    source: 'config',
    id: [account, region, ruleName, resource?.type, resource?.id].join('/'),
    type: byName?.identifier ?? ruleName,
    evidence: { ruleName, ...present({ ports: byName?.ports }) },
  }
}

function health(report: Report): Passed {
  const event = /arn:[\w-]*:health:[\w-]*:\d*:event\/[^/]+\/[^/]+\/[^/]+/.exec(
    text(report.own, 'aws/securityhub/FindingId') ?? report.id,
  )?.[0]
  const named = report.resources.filter(({ type }) => type !== 'Other')
  return {
    source: 'health',
    id: event ?? report.id,
    resources: named.length > 0 ? named : [{ type: ACCOUNT_TYPE, id: report.account }],
    type: required('GeneratorId', report.generator),
  }
}
