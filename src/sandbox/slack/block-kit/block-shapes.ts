import { z } from 'zod'
import {
  accessory,
  actionElement,
  anyText,
  contextElement,
  id,
  image as imageElement,
  inputElement,
  oneOf,
  plainText,
} from './elements.ts'
import { richTextElement } from './rich-text.ts'

const block_id = id

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, {
    error: 'must define either `text` or `fields`',
  })

const header = z.strictObject({ type: z.literal('header'), block_id, text: plainText(150) })
const divider = z.strictObject({ type: z.literal('divider'), block_id })
const context = z.strictObject({
  type: z.literal('context'),
  block_id,
  elements: z.array(contextElement).min(1).max(10),
})
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id,
  elements: z.array(actionElement).min(1).max(25),
})
const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
})
const image = z
  .strictObject({
    ...imageElement.shape,
    block_id,
    title: plainText(2000).optional(),
  })
  .refine(...oneOf('image_url', 'slack_file'))
const markdown = z.strictObject({
  type: z.literal('markdown'),
  block_id,
  text: z.string().min(1).max(12_000),
})
const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id,
  elements: z.array(richTextElement).min(1),
})

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('rich_text'), elements: z.array(richTextElement).min(1) }),
])
const table = z.strictObject({
  type: z.literal('table'),
  block_id,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(['left', 'center', 'right']).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
})

const both = [section, header, divider, context, actions, input, image, richText, markdown] as const

/** A modal, without the count of its blocks. */
export const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    blocks: z.array(z.discriminatedUnion('type', both)).min(1).max(100),
    private_metadata: z.string().max(3000).optional(),
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  })
  .refine(({ blocks, submit }) => submit !== undefined || !blocks.some(({ type }) => type === 'input'), {
    error: '`submit` is required when an `input` is within blocks',
  })

/** The blocks of a message, of those that the stand-in knows. */
export const messageBlocks = z.array(z.discriminatedUnion('type', [...both, table])).max(50)

/** Metadata of a message: https://docs.slack.dev/messaging/message-metadata */
export const metadata = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
})
