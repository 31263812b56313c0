import { z } from 'zod'

/** Limits of https://docs.slack.dev/reference/block-kit/ and `@slack/types` 3.0.0, in characters. */
const ID = 255
const ELEMENT_TEXT = 75
const PLACEHOLDER = 150
const URL_LENGTH = 3000

const text = (max: number) => z.string().min(1).max(max)
export const id = text(ID).optional()

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() })

const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(max), verbatim: z.boolean().optional() })

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)])

export const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
})

const option = z.strictObject({
  text: anyText(ELEMENT_TEXT),
  value: text(ELEMENT_TEXT),
  description: anyText(ELEMENT_TEXT).optional(),
  url: z.string().max(URL_LENGTH).optional(),
})
const plainOption = option.extend({
  text: plainText(ELEMENT_TEXT),
  description: plainText(ELEMENT_TEXT).optional(),
})

const actionable = { action_id: id }
const confirmable = { confirm: confirm.optional() }
const placeholdable = { placeholder: plainText(PLACEHOLDER).optional() }
const focusable = { focus_on_load: z.boolean().optional() }

/** For `refine`: exactly one of two is there. */
export function oneOf<Name extends string>(one: Name, other: Name) {
  const isThere = (of: { [name in Name]?: unknown }) => (of[one] === undefined) !== (of[other] === undefined)
  return [isThere, { error: `must define either \`${one}\` or \`${other}\`` }] as const
}

const button = z.strictObject({
  type: z.literal('button'),
  ...actionable,
  ...confirmable,
  text: plainText(ELEMENT_TEXT),
  value: z.string().max(2000).optional(),
  url: z.string().max(URL_LENGTH).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
})

const groups = z
  .array(z.strictObject({ label: plainText(75), options: z.array(plainOption).min(1).max(100) }))
  .min(1)
  .max(100)
const menu = { ...actionable, ...confirmable, ...placeholdable, ...focusable }
const options = { options: z.array(plainOption).min(1).max(100).optional(), option_groups: groups.optional() }

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    ...menu,
    ...options,
    initial_option: plainOption.optional(),
  })
  .refine(...oneOf('options', 'option_groups'))
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...menu,
    ...options,
    initial_options: z.array(plainOption).max(100).optional(),
    max_selected_items: z.int().min(1).optional(),
  })
  .refine(...oneOf('options', 'option_groups'))

const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...menu,
  initial_user: z.string().optional(),
})
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...menu,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
})
const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...actionable,
  ...confirmable,
  options: z.array(plainOption).min(1).max(5),
})

const few = z.array(option).min(1).max(10)
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...actionable,
  ...confirmable,
  ...focusable,
  options: few,
  initial_option: option.optional(),
})
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...actionable,
  ...confirmable,
  ...focusable,
  options: few,
  initial_options: few.optional(),
})

const DAY = /^\d{4}-\d{2}-\d{2}$/
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...menu,
  initial_date: z.string().regex(DAY).optional(),
})

const dispatch = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(['on_enter_pressed', 'on_character_entered']))
    .min(1)
    .max(2),
})
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...actionable,
  ...placeholdable,
  ...focusable,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  dispatch_action_config: dispatch.optional(),
})
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...actionable,
  ...placeholdable,
  ...focusable,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
})

export const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: text(2000),
    image_url: text(URL_LENGTH).optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine(...oneOf('image_url', 'slack_file'))

const menus = [staticSelect, multiStaticSelect, usersSelect, conversationsSelect] as const
const choices = [radioButtons, checkboxes, datepicker] as const

/** What may stand in a block of actions. */
export const actionElement = z.discriminatedUnion('type', [button, overflow, ...menus, ...choices])
/** What may stand beside the text of a section. */
export const accessory = z.discriminatedUnion('type', [button, overflow, image, ...menus, ...choices])
/** What may be filled in under a label. */
export const inputElement = z.discriminatedUnion('type', [plainTextInput, numberInput, ...menus, ...choices])
/** What may stand in a line of context. */
export const contextElement = z.discriminatedUnion('type', [plainText(3000), mrkdwn(3000), image])
