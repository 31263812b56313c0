/** Longest text of a rule that is told, in characters. */
const MOST = 160

/** A part of a policy on one line, as YAML would have it: `{ when: { playbook: ssm-patch-instance }, mode: approve }`. */
export function onOneLine(value: unknown): string {
  const text = flow(value)
  return text.length <= MOST ? text : `${text.slice(0, MOST)}…`
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${flow(key)}: ${flow(inner)}`)
    return `{ ${entries.join(', ')} }`
  }
  return typeof value === 'string' && !isPlain(value) ? JSON.stringify(value) : String(value)
}

/** Whether YAML reads a text without quotes as just that text. */
function isPlain(text: string): boolean {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null)$/i.test(text)
}
