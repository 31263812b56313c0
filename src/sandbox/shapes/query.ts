import { type MemberShape, modelOf, type Service } from './check.ts'

/**
 * The input of a call of EC2, STS, SNS or CloudFormation as the SDK was given it, from the flat query that went over the
 * wire (`IpPermissions.1.FromPort=22`), by AWS's model of it. What the model does not know stays as it was sent; undefined
 * for an operation that it does not have.
 */
export function inputOfQuery(
  service: string,
  operation: string,
  query: Record<string, string>,
): Record<string, unknown> | undefined {
  const model = modelOf(service, operation)
  if (!model) return undefined
  const left = new Set(Object.keys(query))
  const shape = model.operations[operation]
  const input = shape ? (valueAt('', { shape }, { model, query, left }) as Record<string, unknown>) : {}
  return { ...input, ...Object.fromEntries([...left].map((name) => [name, query[name]])) }
}

interface Wire {
  model: Service
  query: Record<string, string>
  /** Names that have not been read yet. */
  left: Set<string>
}

function valueAt(prefix: string, part: MemberShape, wire: Wire): unknown {
  const { model, query, left } = wire
  const shape = model.shapes[part.shape]!
  const join = (name: string | number) => (prefix ? `${prefix}.${name}` : String(name))
  const sent = () => prefix === '' || Object.keys(query).some((name) => name.startsWith(`${prefix}.`))
  if (shape.type === 'structure') {
    if (!sent()) return undefined
    const given = Object.entries(shape.members ?? {}).map(([name, member]) => [
      name,
      valueAt(join(onWire(name, member, model)), member, wire),
    ])
    return Object.fromEntries(given.filter(([, value]) => value !== undefined))
  }
  if (shape.type === 'list') {
    // EC2's lists are flat, the others' have the name of a member in between: `Filters.Filter.1` of RDS.
    const isFlat = model.protocol === 'ec2' || shape.flattened || part.flattened
    const at = isFlat ? prefix : join(shape.member?.locationName ?? 'member')
    const items: unknown[] = []
    for (;;) {
      const item = valueAt(`${at}.${items.length + 1}`, shape.member!, wire)
      if (item === undefined) return items.length > 0 ? items : undefined
      items.push(item)
    }
  }
  const text = query[prefix]
  if (text === undefined) return undefined
  left.delete(prefix)
  if (shape.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  if (
    ['integer', 'long', 'float', 'double'].includes(shape.type) &&
    text !== '' &&
    !Number.isNaN(Number(text))
  )
    return Number(text)
  return text
}

/** EC2 writes names with a capital: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
function onWire(name: string, { queryName, locationName }: MemberShape, { protocol }: Service): string {
  if (protocol !== 'ec2') return locationName ?? name
  return queryName ?? (locationName ? locationName[0]!.toUpperCase() + locationName.slice(1) : name)
}
