import { drawBlocks } from './blocks.js'
import { focusOn, h, send, trouble } from './elements.js'
import { textOf } from './mrkdwn.js'

/** Asks before something is clicked; resolves to whether the person is sure. */
export function sure({ title, text, confirm, deny, style }, names) {
  const dialog = document.querySelector('#confirm')
  return new Promise((resolve) => {
    const answer = (value) => () => {
      dialog.close()
      resolve(value)
    }
    dialog.replaceChildren(
      h('h2', { id: 'confirm-title' }, ...textOf(title, names)),
      h('div', { className: 'text', id: 'confirm-text' }, ...textOf(text, names)),
      h(
        'div',
        { className: 'buttons' },
        h(
          'button',
          { type: 'button', className: 'button plain', onclick: answer(false) },
          ...textOf(deny, names),
        ),
        h(
          'button',
          { type: 'button', className: `button ${style ?? 'primary'}`, onclick: answer(true) },
          ...textOf(confirm, names),
        ),
      ),
    )
    dialog.setAttribute('aria-labelledby', 'confirm-title')
    dialog.setAttribute('aria-describedby', 'confirm-text')
    dialog.oncancel = () => resolve(false)
    dialog.showModal()
  })
}

/** What a person has typed into which view, until it closes. */
const drafts = new Map()
/** What has come of the last submission of a view. */
const notes = new Map()
let drawn
let opener

/** Shows the modal that is on top of those that a person has open, or none. */
export function drawModal(view, { user, names }) {
  const dialog = document.querySelector('#modal')
  const is = view && JSON.stringify([view.id, view.hash, view.errors, notes.get(view.id), user])
  if (is === drawn) return
  drawn = is
  if (!view) {
    if (dialog.open) dialog.close()
    if (opener !== undefined) focusOn(opener)
    opener = undefined
    return
  }
  const draft = drafts.get(view.id) ?? {}
  drafts.set(view.id, draft)
  const isOpen = dialog.open
  const focused = dialog.contains(document.activeElement) ? document.activeElement.dataset.key : undefined
  if (!isOpen) opener = document.activeElement?.dataset?.key
  dialog.replaceChildren(...modal(view, user, names, draft))
  dialog.setAttribute('aria-labelledby', 'modal-title')
  dialog.oncancel = (event) => {
    event.preventDefault()
    shut(view, user)
  }
  if (!isOpen) dialog.showModal()
  const wrong = dialog.querySelector('[aria-invalid]')
  const first = dialog.querySelector('.blocks input, .blocks textarea, .blocks select')
  if (wrong) wrong.focus()
  else if (focused) focusOn(focused)
  else (first ?? dialog.querySelector('.close')).focus()
}

const shut = (view, user) => {
  drafts.delete(view.id)
  return send('close', { user, view_id: view.id })
}

function modal(view, user, names, draft) {
  const keep = (block, action, value) => {
    draft[block] = { ...draft[block], [action]: value }
  }
  const at = {
    names,
    key: view.id,
    errors: view.errors,
    draft: (block, action) => draft[block]?.[action],
    keep,
    // Of a modal only what is filled in is sent.
    press: (block, element, value) => value !== undefined && keep(block.block_id, element.action_id, value),
  }
  const submitted = async (event) => {
    event.preventDefault()
    const outcome = await send('submit', { user, view_id: view.id, values: draft })
    notes.set(view.id, outcome.error === 'required_field_missing' ? undefined : trouble(outcome))
    window.dispatchEvent(new Event('changed'))
  }
  const note = notes.get(view.id)
  return [
    h(
      'div',
      { className: 'modal-head' },
      h('h2', { id: 'modal-title' }, ...textOf(view.title, names)),
      h(
        'button',
        { type: 'button', className: 'close', 'aria-label': 'Close', onclick: () => shut(view, user) },
        '✕',
      ),
    ),
    h(
      'form',
      { noValidate: true, onsubmit: submitted },
      h(
        'div',
        { className: 'blocks', tabIndex: view.blocks.some(({ type }) => type === 'input') ? -1 : 0 },
        ...drawBlocks(view.blocks, at),
      ),
      note ? h('p', { className: 'error', role: 'alert' }, note) : undefined,
      h(
        'div',
        { className: 'buttons' },
        h(
          'button',
          { type: 'button', className: 'button plain', onclick: () => shut(view, user) },
          ...(view.close ? textOf(view.close, names) : ['Close']),
        ),
        view.submit ? h('button', { className: 'button primary' }, ...textOf(view.submit, names)) : undefined,
      ),
    ),
  ]
}
