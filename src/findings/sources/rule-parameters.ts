import { plainText } from '../fields.ts'
import { isFields } from '../json-object.ts'
import { readJson } from '../json-text.ts'

/**
 * Rule parameters come as JSON text or as an object; values are text or numbers. Anything else is not parameters, and
 * undefined; none at all in an event is undefined, too, because events hardly ever carry those of the rule.
 */
export function parameterTexts(parameters: unknown): Record<string, string> | undefined {
  let read = parameters
  if (typeof parameters === 'string') {
    const json = readJson(parameters)
    read = json.ok ? json.value : undefined
  }
  if (!isFields(read)) return undefined
  const entries = Object.entries(read).flatMap(([name, value]) => {
    const plain = plainText(value)
    return plain === undefined ? [] : [[name, plain] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
