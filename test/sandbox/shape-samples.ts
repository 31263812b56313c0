import type { Service } from '../../src/sandbox/shapes/check.ts'

export interface ShapeSample {
  service: string
  operation: string
  input: unknown
  /** What is the matter with it. */
  what: string
}

/** Values of every kind but the right one, by the type of a shape. */
const WRONG: Record<string, unknown> = {
  string: 5,
  integer: 'x',
  long: 'x',
  float: 'x',
  double: 'x',
  boolean: 'x',
  list: 'x',
  map: 'x',
  structure: 'x',
}

/** For each operation an input with every member, without each that is required, with a stranger, and with each of a wrong type. */
export function inputsOfAllKinds(services: Record<string, Service>): ShapeSample[] {
  return Object.entries(services).flatMap(([service, model]) =>
    Object.entries(model.operations).flatMap(([operation, name]) => {
      const full = (name ? valueFor(name, model, 0) : {}) as Record<string, unknown>
      const { members = {}, required = [] } = name ? model.shapes[name]! : {}
      const without = (member: string) =>
        Object.fromEntries(Object.entries(full).filter(([one]) => one !== member))
      const all: [what: string, input: unknown][] = [
        ['with everything', full],
        ['with a stranger', { ...full, Stranger: 1 }],
        ['that is a text', 'x'],
        ...Object.keys(members).map((member): [string, unknown] => [`without ${member}`, without(member)]),
        ...Object.entries(members).map(([member, { shape }]): [string, unknown] => [
          `with a wrong ${member}`,
          { ...full, [member]: WRONG[model.shapes[shape]!.type] ?? full[member] },
        ]),
        ...required.map((member): [string, unknown] => [`with ${member} null`, { ...full, [member]: null }]),
      ]
      return all.filter(() => name !== null).map(([what, input]) => ({ service, operation, input, what }))
    }),
  )
}

/** A value of a shape with all its members, as deep as JSON of AWS goes. */
function valueFor(name: string, model: Service, depth: number): unknown {
  const shape = model.shapes[name]!
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members ?? {})
      // What holds itself ends somewhere.
      const some = depth > 4 || shape.union ? members.slice(0, 1) : members
      const needed = members.filter(([member]) => shape.required?.includes(member))
      return Object.fromEntries(
        [...needed, ...some].map(([member, part]) => [member, valueFor(part.shape, model, depth + 1)]),
      )
    }
    case 'list':
      return [valueFor(shape.member!.shape, model, depth + 1)]
    case 'map':
      return {
        [String(valueFor(shape.key!.shape, model, depth))]: valueFor(shape.value!.shape, model, depth + 1),
      }
    case 'boolean':
      return true
    case 'timestamp':
      return '2026-11-22T00:00:00Z'
    case 'string':
      return shape.enum?.[0] ?? 'x'.repeat(Math.max(1, shape.min ?? 1))
    case 'blob':
      return 'eA=='
    default:
      return Math.max(1, shape.min ?? 1)
  }
}
