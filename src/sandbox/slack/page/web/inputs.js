import { h } from './elements.js'
import { textOf } from './mrkdwn.js'

/**
 * A block of input: its label, what is filled in, a hint, what is wrong with it.
 * @param at as `drawBlocks`, and of a modal `errors` by block id, and `draft`, `keep` of what is typed
 */
export function field(block, at) {
  const { names, errors = {}, key } = at
  const { block_id, element, label, hint, optional } = block
  const id = `${key}-${block_id}`
  const error = errors[block_id]
  const described = [hint ? `${id}-hint` : undefined, error ? `${id}-error` : undefined]
    .filter(Boolean)
    .join(' ')
  const place = {
    ...at,
    key: `${key}/${block_id}/${element.action_id}`,
    id,
    labelled: `${id}-label`,
    described,
    invalid: error !== undefined,
    value: at.draft?.(block_id, element.action_id),
    onchange: (value) => at.keep?.(block_id, element.action_id, value),
  }
  return h(
    'div',
    { className: 'field' },
    h(
      'label',
      { htmlFor: id, id: `${id}-label` },
      ...textOf(label, names),
      optional ? h('span', { className: 'optional' }, ' (optional)') : undefined,
    ),
    chosen(element, place),
    error ? h('p', { className: 'error', id: `${id}-error`, role: 'alert' }, error) : undefined,
    hint ? h('p', { className: 'hint', id: `${id}-hint` }, ...textOf(hint, names)) : undefined,
  )
}

/** Something to choose or to type. */
export function chosen(element, at) {
  const { id, onchange, key } = at
  const shared = {
    id,
    'data-key': key,
    'data-action': element.action_id,
    'aria-describedby': at.described || undefined,
    'aria-invalid': at.invalid ? 'true' : undefined,
  }
  const placeholder = element.placeholder?.text
  const typed = (event) => onchange(event.target.value)
  switch (element.type) {
    case 'plain_text_input': {
      const value = at.value ?? element.initial_value ?? ''
      const its = { ...shared, value, placeholder, oninput: typed, maxLength: element.max_length ?? 3000 }
      return element.multiline ? h('textarea', { ...its, rows: 4 }) : h('input', { ...its, type: 'text' })
    }
    case 'static_select':
      return menu(optionsOf(element), element.initial_option?.value, shared, at, placeholder)
    case 'users_select':
      return menu(at.names.people(), element.initial_user, shared, at, placeholder)
    case 'overflow':
      return menu(optionsOf(element), undefined, { ...shared, 'aria-label': 'More' }, at, '…')
    case 'radio_buttons':
    case 'checkboxes':
    case 'multi_static_select':
      return boxes(element, shared, at)
    default: {
      const type = { datepicker: 'date', number_input: 'number' }[element.type] ?? 'text'
      const value = at.value ?? element.initial_date ?? element.initial_value ?? ''
      return h('input', { ...shared, type, value, placeholder, onchange: typed })
    }
  }
}

const optionsOf = ({ options, option_groups = [] }) =>
  (options ?? option_groups.flatMap((group) => group.options)).map(({ text, value }) => [value, text.text])

function menu(options, initial, shared, { value = initial, onchange, id }, placeholder = 'Choose an option') {
  const none =
    value === undefined ? [h('option', { value: '', disabled: true, selected: true }, placeholder)] : []
  return h(
    'select',
    {
      ...shared,
      'aria-label': shared['aria-label'] ?? (id ? undefined : placeholder),
      onchange: (event) => onchange(event.target.value),
    },
    ...none,
    ...options.map(([its, text]) => h('option', { value: its, selected: its === value }, text)),
  )
}

function boxes(element, { id, ...shared }, at) {
  const one = element.type === 'radio_buttons'
  const first = one
    ? [element.initial_option?.value]
    : (element.initial_options ?? []).map(({ value }) => value)
  const picked = new Set([at.value ?? first].flat().filter((value) => value !== undefined))
  const changed = (value, on) => {
    if (one) picked.clear()
    if (on) picked.add(value)
    else picked.delete(value)
    at.onchange(one ? value : [...picked])
  }
  return h(
    'div',
    { className: 'boxes', role: one ? 'radiogroup' : 'group', 'aria-labelledby': at.labelled },
    ...optionsOf(element).map(([value, text], index) =>
      h(
        'label',
        {},
        h('input', {
          ...shared,
          id: index === 0 ? id : undefined,
          'data-key': `${at.key}/${value}`,
          type: one ? 'radio' : 'checkbox',
          name: at.key,
          value,
          checked: picked.has(value),
          onchange: (event) => changed(value, event.target.checked),
        }),
        text,
      ),
    ),
  )
}
