import { list, required, text } from '../../fields.ts'
import type { Passed, Report } from './report.ts'

/**
 * Prowler's finding in a report. The id is the one that Prowler gives it in Security Hub, also for the file in OCSF,
 * which has another: `prowler-CHECK-ACCOUNT-REGION-` and nine digits of the SHA-512 of the resource's name.
 */
export function scanned(report: Report): Passed {
  const check = required('GeneratorId', report.generator?.replace(/^prowler-/, ''))
  const ports = highRiskPorts(report)
  return { source: 'prowler', id: idOf(report, check), type: check, ...(ports && { evidence: { ports } }) }
}

/** Which ports are high risk is each scan's own setting: only the sentence of the finding says which are open. */
function highRiskPorts({ body }: Report): number[] | undefined {
  const said = text(body, 'status_detail') ?? text(body, 'message') ?? text(body, 'description') ?? ''
  const [, ports] =
    /has the following high-risk ports open to the Internet: ([\d, ]+)\.$/.exec(said.trim()) ?? []
  return ports
    ?.split(',')
    .map(Number)
    .filter((port) => port <= 65_535)
}

function idOf({ id, body }: Report, check: string): string {
  const account = text(body, 'cloud.account.uid')
  const resource = text(list(body, 'resources')[0], 'uid')
  if (account === undefined || resource === undefined) return id
  // Loaded where a scanner's file is read: it costs every other start 2 MB.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const digits = createHash('sha512').update(resource).digest('hex').slice(0, 9)
  return ['prowler', check, account, text(body, 'cloud.region'), digits].join('-')
}
