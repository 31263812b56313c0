import type { Place } from '../../aws/port.ts'
import { BadRequest } from '../../engine/refusals.ts'
import type { Finding } from '../../findings/finding.ts'
import { partitionOf } from '../../findings/region.ts'
import { version } from '../../findings/version.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'

/**
 * The finding that a person makes by naming a resource: source `manual`, severity MEDIUM, seen now. Account and
 * region are those of an ARN that names them, else the given ones.
 *
 * @param now ms since 1970, UTC
 * @throws BadRequest('usage') for what cannot be a resource of the playbook: one resource has one ARN, by which the
 *   policy exempts it and by which it is locked
 */
export function manualFinding(
  playbook: AnyPlaybook,
  resource: string,
  otherwise: Place,
  now: number,
): Finding {
  const place = placeOf(resource, otherwise)
  const target = playbook.named(resource, place)
  if (target.notUnderstood !== undefined) throw new BadRequest('usage', `--resource ${target.notUnderstood}`)
  const observedAt = new Date(now).toISOString()
  return {
    id: `manual/${playbook.id}/${target.resource}`,
    version: version(observedAt),
    source: 'manual',
    type: playbook.id,
    title: `${playbook.title}: ${target.id}`,
    severity: 'MEDIUM',
    status: 'active',
    ...place,
    resources: [{ type: playbook.resource, id: target.id, arn: target.resource }],
    observedAt,
    evidence: {},
  }
}

function placeOf(resource: string, otherwise: Place): Place {
  const [scheme, , , region, account] = resource.split(':')
  if (scheme !== 'arn') return otherwise
  const named = { region: region || otherwise.region, account: account || otherwise.account }
  return { ...named, partition: partitionOf(named.region) }
}
