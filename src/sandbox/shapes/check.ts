import inputs from './inputs.json' with { type: 'json' }

/** What AWS's own model says of a value: https://smithy.io/2.0/spec/constraint-traits.html */
interface Shape {
  type: string
  members?: Record<string, MemberShape>
  required?: string[]
  /** Of its members one is given, and no other. */
  union?: boolean
  enum?: string[]
  /** Characters, items or the number itself. */
  min?: number
  max?: number
  pattern?: string
  member?: MemberShape
  key?: MemberShape
  value?: MemberShape
  flattened?: boolean
}

export interface MemberShape {
  shape: string
  locationName?: string
  queryName?: string
  flattened?: boolean
}

export interface Service {
  protocol: string
  /** Operation → name of the shape of its input, null where it takes none. */
  operations: Record<string, string | null>
  shapes: Record<string, Shape>
}

const SERVICES = inputs as Record<string, Service>

/** What AWS finds wrong with an input: the code is the service's to choose. */
export interface Complaint {
  kind: 'missing' | 'unknown' | 'invalid'
  /** `IpPermissions[0].IpProtocol` */
  path: string
  text: string
}

/** The service's model, when this operation is in it. */
export function modelOf(service: string, operation: string): Service | undefined {
  const model = SERVICES[service]
  return model && operation in model.operations ? model : undefined
}

/**
 * What is wrong with the input of a call, by AWS's own model of it: members that are required, unknown or of another
 * type, and values out of their bounds. An operation that the program itself never calls has no model here; nothing
 * is said of it.
 */
export function complaints(service: string, operation: string, input: unknown): Complaint[] {
  const model = modelOf(service, operation)
  if (!model) return []
  const shape = model.operations[operation]
  return shape ? check(input, shape, '', model.shapes) : check(input, 'Nothing', '', { Nothing: NOTHING })
}

const NOTHING: Shape = { type: 'structure', members: {} }

function check(value: unknown, name: string, path: string, shapes: Service['shapes']): Complaint[] {
  const shape = shapes[name]
  if (!shape) throw new Error(`inputs.json has no shape ${name}`)
  if (!isOfType(value, shape.type)) return [invalid(path, `is no ${shape.type}`)]
  const inner = (one: unknown, part: MemberShape, at: string) => check(one, part.shape, at, shapes)
  const own = [...bounds(value, shape, path)]
  if (shape.type === 'structure') return [...own, ...ofStructure(value as object, shape, path, inner)]
  if (shape.type === 'list')
    return [
      ...own,
      ...(value as unknown[]).flatMap((one, index) => inner(one, shape.member!, `${path}[${index}]`)),
    ]
  if (shape.type !== 'map') return own
  const entries = Object.entries(value as object)
  return [
    ...own,
    ...entries.flatMap(([key, one]) => [
      ...inner(key, shape.key!, `${path}{${key}}`),
      ...inner(one, shape.value!, `${path}.${key}`),
    ]),
  ]
}

function ofStructure(
  value: object,
  { members = {}, required = [], union = false }: Shape,
  path: string,
  inner: (one: unknown, part: MemberShape, at: string) => Complaint[],
): Complaint[] {
  const at = (member: string) => (path ? `${path}.${member}` : member)
  // What is undefined is not sent.
  const given = Object.entries(value).filter(([, one]) => one !== undefined)
  const missing = required.filter((member) => !given.some(([name, one]) => name === member && one !== null))
  const isNoOne = union && given.filter(([, one]) => one !== null).length !== 1
  return [
    ...(isNoOne ? [invalid(path, 'has not exactly one member')] : []),
    ...missing.map((member): Complaint => ({ kind: 'missing', path: at(member), text: 'is missing' })),
    ...given.flatMap(([member, one]) => {
      const part = members[member]
      if (!part) return [{ kind: 'unknown', path: at(member), text: 'is unknown' } satisfies Complaint]
      return inner(one, part, at(member))
    }),
  ]
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'structure':
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'list':
      return Array.isArray(value)
    case 'integer':
    case 'long':
      return Number.isInteger(value)
    case 'float':
    case 'double':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'timestamp':
      // On the wire of JSON services seconds since 1970, else ISO 8601.
      return value instanceof Date || typeof value === 'number' || !Number.isNaN(Date.parse(String(value)))
    case 'blob':
      // On the wire Base64.
      return value instanceof Uint8Array || typeof value === 'string'
    default:
      return typeof value === 'string'
  }
}

function bounds(value: unknown, { type, enum: words, min, max, pattern }: Shape, path: string): Complaint[] {
  const size = typeof value === 'number' ? value : sizeOf(value)
  return [
    ...(words && !words.includes(String(value)) ? [invalid(path, `is none of ${words.join(', ')}`)] : []),
    ...(size !== undefined && min !== undefined && size < min ? [invalid(path, `is less than ${min}`)] : []),
    ...(size !== undefined && max !== undefined && size > max ? [invalid(path, `is more than ${max}`)] : []),
    ...(type === 'string' && pattern && !new RegExp(pattern, 'u').test(String(value))
      ? [invalid(path, `is not of the form ${pattern}`)]
      : []),
  ]
}

/** Characters of a text, items of a list or a map. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length
  if (Array.isArray(value)) return value.length
  return value instanceof Date || value instanceof Uint8Array
    ? undefined
    : Object.keys(value as object).length
}

function invalid(path: string, text: string): Complaint {
  return { kind: 'invalid', path, text }
}
