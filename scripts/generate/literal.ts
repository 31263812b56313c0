import { isDeepStrictEqual } from 'node:util'
import * as matchers from '../../src/playbook/matchers.ts'
import { ec2Ids, type IdForm, idsOfKinds, nameIds } from '../../src/playbook/resource/resource-form.ts'

/**
 * Plain data as TypeScript, as people write it: matchers and forms of ids by the functions that make them. Of what else
 * there is, regular expressions.
 */
export function literal(value: unknown): string {
  if (value instanceof RegExp) return String(value)
  if (value === Number.POSITIVE_INFINITY) return 'Number.POSITIVE_INFINITY'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const made = 'types' in value ? matcherCall(value) : 'understood' in value ? idsCall(value) : undefined
    if (made !== undefined) return made
    const fields = Object.entries(value).filter(([, each]) => each !== undefined)
    return `{ ${fields.map(([name, each]) => `${name}: ${literal(each)}`).join(', ')} }`
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  throw new Error(`the head of a playbook is plain data, and ${String(value)} is none`)
}

/** The imports of the functions that a text calls so. */
export function importsFor(text: string): string {
  const from = (names: readonly string[], file: string): string => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(text)).sort()
    return used.length > 0 ? `import { ${used.join(', ')} } from '../src/playbook/${file}'\n` : ''
  }
  return (
    from(Object.keys(OF_TYPES), 'matchers.ts') +
    from(['ec2Ids', 'idsOfKinds', 'nameIds'], 'resource/resource-form.ts')
  )
}

const { cloudTrail, config, guardDuty, macie, prowler, securityHub, trustedAdvisor } = matchers
/** Matchers that ask for types only. */
const OF_TYPES = { cloudTrail, config, guardDuty, macie, prowler, securityHub, trustedAdvisor }

function matcherCall(value: { types: unknown }): string | undefined {
  const { types } = value as matchers.Matcher
  const found = Object.entries(OF_TYPES).find(([, make]) => isDeepStrictEqual(make(...types), value))
  return found && `${found[0]}(${types.map(literal).join(', ')})`
}

function idsCall(value: object): string | undefined {
  return ofOneKind(value as IdForm) ?? ofKinds(value as IdForm)
}

function ofOneKind(value: IdForm): string | undefined {
  const { examples, forms } = value
  const prefix = (examples[0] ?? '').replace(/-[^-]*$/, '')
  if (isDeepStrictEqual(ec2Ids(prefix), value)) return `ec2Ids(${literal(prefix)})`
  const letters = forms[0]?.[0]
  if (typeof letters !== 'object') return undefined
  const parts = [letters.letters, letters.most, examples] as const
  return isDeepStrictEqual(nameIds(...parts), value) ? `nameIds(${parts.map(literal).join(', ')})` : undefined
}

/** Each form of several kinds begins with the text that tells its kind, but for those of one kind at most. */
function ofKinds(value: IdForm): string | undefined {
  const kinds = new Map<string, IdForm>()
  for (const form of value.forms) {
    const [before, first] = form.length > 1 ? form : ['', form[0]]
    if (typeof before !== 'string' || first === undefined) return undefined
    const ids =
      typeof first === 'string' ? ec2Ids(first.slice(0, -1)) : nameIds(first.letters, first.most, [])
    kinds.set(before, ids)
  }
  const parts = [[...kinds], value.examples] as const
  return isDeepStrictEqual(idsOfKinds(...parts), value)
    ? `idsOfKinds(${parts.map(literal).join(', ')})`
    : undefined
}

function quoted(text: string): string {
  const json = JSON.stringify(text)
  return text.includes("'") ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`
}
