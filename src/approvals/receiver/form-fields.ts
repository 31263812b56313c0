import { isUtf8 } from 'node:buffer'

/** The fields of `application/x-www-form-urlencoded`, each once; undefined for anything else. */
export function formFields(
  raw: Uint8Array,
  contentType: string | undefined,
): Map<string, string> | undefined {
  if (!isForm(contentType) || !isUtf8(raw)) return undefined
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(Buffer.from(raw).toString('utf8'))) {
    // Of two fields with one name, two readers may take different ones.
    if (fields.has(name)) return undefined
    fields.set(name, value)
  }
  return fields
}

function isForm(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    type.trim() === 'application/x-www-form-urlencoded' &&
    parameters.every((parameter) => /^\s*(charset\s*=\s*"?utf-?8"?)?\s*$/.test(parameter))
  )
}
