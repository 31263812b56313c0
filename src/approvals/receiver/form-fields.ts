/** The fields of `application/x-www-form-urlencoded`, each once; undefined for anything else. */
export function formFields(
  raw: Uint8Array,
  contentType: string | undefined,
): Map<string, string> | undefined {
  if (!isForm(contentType)) return undefined
  const text = utf8(raw)
  if (text === undefined) return undefined
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
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

function utf8(raw: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
