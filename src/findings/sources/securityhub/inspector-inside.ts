import { at, list, port, present, required, text } from '../../fields.ts'
import type { Evidence } from '../../finding.ts'
import type { Passed, Report } from './report.ts'

/** Inspector's finding in a report; of Inspector classic, too, which wrote other fields. */
export function inspected(report: Report): Passed {
  const { own } = report
  const said = text(own, 'aws/inspector/FindingStatus')
  return {
    source: 'inspector',
    id: text(own, 'aws/inspector/arn') ?? report.id,
    type: required('Types', kindOf(report)),
    ...(said === 'CLOSED' && { status: 'resolved' }),
    ...(said === 'SUPPRESSED' && { status: 'suppressed' }),
    evidence: present({
      packages: packages(report),
      images: report.resources.filter(({ type }) => type === 'AWS::ECR::ContainerImage').map(({ id }) => id),
      ports: ports(report),
      // What can be reached from elsewhere says nothing of what the group lets in from the internet.
      groups: [
        text(own, 'attributes/REACHABILITY_TYPE') === 'Internet' && text(own, 'attributes/SECURITY_GROUP'),
      ].filter((each) => typeof each === 'string'),
    }),
  }
}

/** Inspector user guide, "Finding types". */
function kindOf({ types, body }: Report): string | undefined {
  const says = (pattern: RegExp) => types.some((each) => pattern.test(each))
  if (says(/network reachability/i)) return 'NETWORK_REACHABILITY'
  if (says(/code vulnerabilit/i)) return 'CODE_VULNERABILITY'
  if (says(/vulnerabilit|\bCVE\b/i) || vulnerabilities(body).length > 0) return 'PACKAGE_VULNERABILITY'
  return types[0]
}

const vulnerabilities = (body: unknown): unknown[] => list(body, 'vulnerabilities')

function packages({ body }: Report): Evidence['packages'] {
  return vulnerabilities(body).flatMap((each) =>
    [...list(each, 'vulnerablePackages'), ...list(each, 'affected_packages')].flatMap((one) => {
      const name = text(one, 'name')
      if (name === undefined) return []
      const manager = text(one, 'packageManager') ?? text(one, 'package_manager') ?? 'UNKNOWN'
      return [{ name, manager, fixAvailable: fixAvailable(each, one) }]
    }),
  )
}

function fixAvailable(vulnerability: unknown, one: unknown): string {
  const said = text(vulnerability, 'fixAvailable')
  if (said !== undefined) return said
  const flag = at(vulnerability, 'is_fix_available')
  if (typeof flag === 'boolean') return flag ? 'YES' : 'NO'
  const version = text(one, 'fixedInVersion') ?? text(one, 'fixed_in_version')
  return version === undefined || version === 'NotAvailable' ? 'NO' : 'YES'
}

/** Of TCP; a finding that does not say its protocol names none. */
function ports({ own }: Report): number[] {
  const protocol = ['attributes/PROTOCOL', 'aws/inspector/networkReachabilityDetails/protocol']
  if (!protocol.some((name) => text(own, name) === 'TCP')) return []
  const range = 'aws/inspector/networkReachabilityDetails/openPortRange'
  const ends = ['attributes/PORT', `${range}/begin`, `${range}/end`].map((name) => port(own, name))
  return [...new Set(ends.filter((each) => each !== undefined))].sort((a, b) => a - b)
}
