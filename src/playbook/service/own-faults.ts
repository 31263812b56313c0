import { CONDITIONS, type Matcher } from '../matchers.ts'
import { type AnyPlaybook, MODES } from '../playbook.ts'
import type { ServiceDefinition } from './service.ts'

type Fields = Record<string, unknown>

const ACTION = /^([a-z\d-]+):[A-Za-z\d]+$/
const FUNCTIONS = ['targets', 'named', 'inspect', 'plan', 'observe', 'status', 'impact', 'same'] as const
const OPTIONAL_TEXTS = ['alsoNamed', 'ruleParameters', 'optionalReads', 'readsAlsoNeed'] as const
/** It is a key of stores and of objects: no `#`, no space, no name that every object has. */
const ID = 'words of lower-case letters and digits, joined by hyphens, not "constructor"'
const TEXTS = 'a list of texts'

/**
 * What is wrong with a playbook of a user's own, field by field with what is wanted: no compiler need have seen it.
 * @param services all that may be called
 */
export function playbookFaults(playbook: AnyPlaybook, services: readonly ServiceDefinition[]): string[] {
  const prefixes = services.map(({ id, iamPrefix }) => iamPrefix ?? id)
  const isAction = (value: unknown): boolean => {
    const [, prefix] = (typeof value === 'string' && ACTION.exec(value)) || []
    return prefix !== undefined && prefixes.includes(prefix)
  }
  const action = `"service:Operation" of a known service (${prefixes.join(', ')})`
  const { id, tagsOf, answers, ids, subset, command } = playbook
  const texts = (each: keyof AnyPlaybook): Check => [each, list(playbook[each], isText), TEXTS]
  return faults(playbook, [
    ['id', isId(id), ID],
    ...(['title', 'resource', 'arn'] as const).map((each): Check => [each, isText(playbook[each]), 'a text']),
    ['tagsOf', isText(tagsOf) || isText(fields(tagsOf).none), 'a text or { none: text }'],
    ['ids', isForm(fields(ids)), 'an IdForm, as ec2Ids and nameIds give it'],
    [
      'answers',
      list(answers, isMatcher) && answers.length > 0,
      'a list with at least one matcher, as config() and guardDuty() give it',
    ],
    ['suggestedMode', MODES.includes(playbook.suggestedMode), `one of ${MODES.join(', ')}`],
    ['parameters', hasDefaults(playbook.parameters), 'a zod schema that takes {}: a default for each'],
    ['reads', list(playbook.reads, isAction), `a list of ${action}`],
    [
      'writes',
      list(playbook.writes, (each) => isAction(fields(each).action) && isText(fields(each).resource)),
      `a list of { action, resource }, each action ${action}`,
    ],
    [
      'writesAlsoNeed',
      list(
        playbook.writesAlsoNeed ?? [],
        (each) => isText(fields(each).action) && isText(fields(each).resource),
      ),
      'a list of { action, resource }',
    ],
    texts('implements'),
    ...OPTIONAL_TEXTS.filter((each) => playbook[each] !== undefined).map(texts),
    ...FUNCTIONS.map((each): Check => [each, isFunction(playbook[each]), 'a function']),
    ['subset', !subset || isFunction(subset.remaining), '{ remaining, part }, functions'],
    ['command', !command || isFunction(command.settle), '{ settle, proof }, functions'],
  ])
}

/** What is wrong with a service of a user's own. `sts` is whom the engine itself asks who it is. */
export function serviceFaults(service: ServiceDefinition): string[] {
  const { id, load } = service
  return faults(service, [
    ['id', isId(id) && String(id) !== 'sts', `${ID} nor "sts", which the engine calls`],
    ['load', isFunction(load), 'a function that imports the client'],
  ])
}

type Check = [field: string, good: boolean, wanted: string]

function faults(of: object, checks: readonly Check[]): string[] {
  return checks.flatMap(([field, good, wanted]) =>
    good ? [] : [`${field} is ${shown(fields(of)[field])}, wanted: ${wanted}`],
  )
}

/** What stands there, short. */
function shown(value: unknown): string {
  if (typeof value === 'string' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  return typeof value === 'object' ? `{ ${Object.keys(value).join(', ')} }` : String(value)
}

const fields = (value: unknown): Fields => Object(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
const isFunction = (value: unknown): boolean => typeof value === 'function'
const list = (value: unknown, good: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(good)

function isId(id: unknown): boolean {
  return typeof id === 'string' && /^[a-z\d]+(-[a-z\d]+)*$/.test(id) && !(id in {})
}

function isMatcher(value: unknown): boolean {
  const { source, types, only } = fields(value) as Partial<Matcher>
  const known = only === undefined || Object.hasOwn(CONDITIONS, only)
  return known && isText(source) && list(types, isText) && types!.length > 0
}

function isForm({ understood, forms, examples }: Fields): boolean {
  // It is copied to other threads, which take no function.
  const isPattern = Object.prototype.toString.call(understood) === '[object RegExp]'
  return isPattern && list(forms, Array.isArray) && list(examples, isText)
}

function hasDefaults(schema: AnyPlaybook['parameters']): boolean {
  try {
    return typeof schema.parse({}) === 'object'
  } catch {
    return false
  }
}
