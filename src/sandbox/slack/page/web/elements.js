/** An element with its properties, attributes (`data-…`, `aria-…`), listeners (`on…`) and children. */
export function h(name, given = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (key in element && !key.includes('-')) element[key] = value
    else element.setAttribute(key, value === true ? '' : String(value))
  }
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  )
  return element
}

/** Sends what a person does; gives what came of it. */
export async function send(what, body) {
  try {
    const answer = await fetch(`/page/${what}`, { method: 'POST', body: JSON.stringify(body) })
    return await answer.json()
  } catch (error) {
    return { error: String(error) }
  }
}

/** What Slack tells a person whose click came to nothing; undefined where it worked. */
export function trouble({ status, error }) {
  if (error === 'operation_timeout') return 'This app is not responding.'
  if (error === 'unreachable') return 'This app could not be reached.'
  if (error === 'no_receiver') return 'This app has no address for interactions.'
  if (error !== undefined) return `That did not work: ${error}`
  return status === 200 ? undefined : `This app responded with Status Code ${status}`
}

/** Keeps the focus on what is drawn anew: by its `data-key`. */
export function keepingFocus(draw) {
  const key = document.activeElement?.closest('[data-key]')?.dataset.key
  draw()
  if (key !== undefined && (document.activeElement === document.body || !document.activeElement)) focusOn(key)
}

/** The element of that key, or what is left of its message. */
export function focusOn(key) {
  const of = (wanted) => document.querySelector(`[data-key="${CSS.escape(wanted)}"]`)
  const element = of(key) ?? of(key.split('/')[0])
  element?.focus({ preventScroll: true })
}

/** `9:41 AM`, in the words of the person's language. */
export const clock = (ts) =>
  new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })

export const day = (ts) =>
  new Date(Number(ts) * 1000).toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric' })
