import { elementsOf } from '../block-kit/block-kit.ts'
import { type Json, Refused } from '../workspace-types.ts'

/** What a person chose or typed, by block id and action id; of a menu the option's value. */
export type Values = Record<string, Record<string, string | string[] | null>>

/**
 * `view.state.values`: for every element what is in it, in the form of its type. What was left out is as it was
 * offered.
 * @throws {Refused} `invalid_values` naming the block: no option of that value, or a block that there is not
 */
export function stateValues(blocks: readonly Json[], values: Values): Record<string, Record<string, Json>> {
  const state: Record<string, Record<string, Json>> = {}
  for (const { block, element } of elementsOf(blocks)) {
    if (element.type === 'button' || element.type === 'image' || element.type === 'overflow') continue
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)]
    state[blockId] ??= {}
    state[blockId][actionId] = stateOf(element, values[blockId]?.[actionId], blockId)
  }
  for (const [blockId, its] of Object.entries(values))
    for (const actionId of Object.keys(its))
      if (!state[blockId]?.[actionId])
        throw new Refused('invalid_values', { block_id: blockId, action_id: actionId })
  return state
}

/** What Slack's own client says under what has to be filled in and is not; such a view is never sent. */
export function missing(
  blocks: readonly Json[],
  state: Record<string, Record<string, Json>>,
): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { block, element } of elementsOf(blocks)) {
    if (block.type !== 'input') continue
    const { type: _, ...its } = state[String(block.block_id)]?.[String(element.action_id)] ?? {}
    const value = Object.values(its)[0]
    const empty =
      value === null || value === '' || value === undefined || (Array.isArray(value) && value.length === 0)
    if (empty && block.optional !== true)
      errors[String(block.block_id)] = 'Please complete this required field.'
    else if (!empty && element.type === 'plain_text_input') {
      const wrong = lengthError(String(value), element)
      if (wrong) errors[String(block.block_id)] = wrong
    }
  }
  return errors
}

function lengthError(
  { length }: string,
  { min_length: min = 0, max_length: max = 3000 }: Json,
): string | undefined {
  if (length < Number(min)) return `Please enter at least ${min} characters.`
  return length > Number(max) ? `Please enter at most ${max} characters.` : undefined
}

/** One element's part of an action or of a state. */
export function stateOf(element: Json, value: string | string[] | null | undefined, blockId: string): Json {
  const { type } = element
  const one = Array.isArray(value) ? value[0] : value
  const all = Array.isArray(value) ? value : value === undefined || value === null ? undefined : [value]
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
    case 'overflow':
      return {
        type,
        selected_option: one === undefined ? (element.initial_option ?? null) : option(element, one, blockId),
      }
    case 'multi_static_select':
    case 'checkboxes':
      return {
        type,
        selected_options: all?.map((each) => option(element, each, blockId)) ?? element.initial_options ?? [],
      }
    case 'users_select':
      return { type, selected_user: one ?? element.initial_user ?? null }
    case 'conversations_select':
      return { type, selected_conversation: one ?? element.initial_conversation ?? null }
    case 'datepicker':
      return { type, selected_date: one ?? element.initial_date ?? null }
    default:
      return { type, value: (one === undefined ? element.initial_value : one) ?? null }
  }
}

/** Shown options only: a person can choose no other. */
function option(element: Json, value: string | null, blockId: string): Json | null {
  if (value === null || value === '') return null
  const groups = (element.option_groups as { options: Json[] }[] | undefined) ?? []
  const options = [
    ...((element.options as Json[] | undefined) ?? []),
    ...groups.flatMap(({ options: its }) => its),
  ]
  const chosen = options.find((one) => one.value === value)
  if (!chosen) throw new Refused('invalid_values', { block_id: blockId, value })
  return chosen
}
