import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { type Json, Refused } from '../workspace-types.ts'
import { messageBlocks, metadata as metadataForm, modal } from './blocks.ts'

/**
 * Of a whole message. Slack documents neither number: it says "12,000 text characters with a buffer for block containers",
 * refused 11,341 characters of text once and took 13,297 in one block another time (bolt-js #2867, #2509). Both are told
 * here; the stricter one rules.
 */
const TEXT_OF_MESSAGE = 12_000
const JSON_OF_MESSAGE = 13_200
/** Bytes, https://docs.slack.dev/messaging/message-metadata */
const METADATA = 8_000

type Issue = z.core.$ZodIssue

/**
 * The blocks of a message as Slack would keep them (each with a `block_id`, each element with an `action_id`).
 * @throws {Refused} `invalid_blocks` with every reason and where it is, `invalid_blocks_format`, `msg_blocks_too_long`
 */
export function checkedBlocks(value: unknown): Json[] {
  if (!Array.isArray(value)) throw new Refused('invalid_blocks_format')
  const checked = messageBlocks.safeParse(value)
  if (!checked.success) throw refusal('invalid_blocks', checked.error.issues, '/blocks')
  const blocks = value as Json[]
  const twice = duplicates(blocks)
  if (twice.length > 0) throw invalid('invalid_blocks', twice)
  const textLength = textsIn(blocks).reduce((sum, { length }) => sum + length, 0)
  if (textLength > TEXT_OF_MESSAGE || JSON.stringify(blocks).length > JSON_OF_MESSAGE)
    throw new Refused('msg_blocks_too_long')
  return withIds(blocks)
}

/**
 * A modal as Slack would keep it.
 * @throws {Refused} `invalid_arguments` with every reason and where it is
 */
export function checkedView(value: unknown): Json {
  const checked = modal.safeParse(value)
  if (!checked.success) throw refusal('invalid_arguments', checked.error.issues, '/view')
  const view = value as Json & { blocks: Json[] }
  const twice = duplicates(view.blocks)
  if (twice.length > 0) throw invalid('invalid_arguments', twice)
  return { ...view, blocks: withIds(view.blocks) }
}

/** @throws {Refused} `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large` */
export function checkedMetadata(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Refused('invalid_metadata_format')
  if (Buffer.byteLength(JSON.stringify(value)) > METADATA) throw new Refused('metadata_too_large')
  const checked = metadataForm.safeParse(value)
  if (!checked.success) throw refusal('invalid_metadata_schema', checked.error.issues, '/metadata')
  return value as Json
}

/** All that can be clicked or filled in, with the block in which it stands. */
export function elementsOf(blocks: readonly Json[]): { block: Json; element: Json }[] {
  return blocks.flatMap((block) =>
    [
      ...(block.type === 'actions' ? (block.elements as Json[]) : []),
      ...[block.accessory, block.element].filter((one): one is Json => one !== undefined),
    ].map((element) => ({ block, element })),
  )
}

function refusal(code: string, issues: readonly Issue[], root: string): Refused {
  return invalid(
    code,
    issues.map(
      ({ path, ...issue }) =>
        `${wordsOf({ path, ...issue } as Issue)} [json-pointer:${[root, ...path].join('/')}]`,
    ),
  )
}

function invalid(code: string, reasons: readonly string[]): Refused {
  const messages = reasons.map((reason) => `[ERROR] ${reason}`)
  return new Refused(code, { errors: reasons, response_metadata: { messages } })
}

/** A reason in Slack's own words, as far as they are known. */
function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'string') return `must be less than ${Number(issue.maximum) + 1} characters`
      return issue.origin === 'array' ? `no more than ${issue.maximum} items allowed` : issue.message
    case 'too_small':
      if (issue.origin === 'string') return `must be more than ${Number(issue.minimum) - 1} characters`
      return issue.origin === 'array' ? `no fewer than ${issue.minimum} items allowed` : issue.message
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`
    case 'invalid_union':
      return 'unsupported type'
    case 'invalid_type':
      return issue.message.includes('received undefined')
        ? `missing required field: ${String(issue.path.at(-1))}`
        : `must provide ${issue.expected}`
    default:
      return issue.message
  }
}

/** A `block_id` is once in a message, an `action_id` once in a block. */
function duplicates(blocks: readonly Json[]): string[] {
  const seen = new Set<unknown>()
  return blocks.flatMap((block, at) => {
    const reasons: string[] = []
    if (block.block_id !== undefined && seen.has(block.block_id))
      reasons.push(`block_id ${block.block_id} already exists [json-pointer:/blocks/${at}/block_id]`)
    seen.add(block.block_id)
    const actions = elementsOf([block]).map(({ element }) => element.action_id)
    const twice = actions.filter((one, index) => one !== undefined && actions.indexOf(one) !== index)
    return [
      ...reasons,
      ...twice.map((one) => `\`action_id\` ${one} already exists in this block [json-pointer:/blocks/${at}]`),
    ]
  })
}

function withIds(blocks: readonly Json[]): Json[] {
  const named = (element: Json) =>
    'action_id' in element || element.type === 'image' ? element : { ...element, action_id: random() }
  return blocks.map((block) => ({
    ...block,
    ...(block.block_id === undefined && { block_id: random() }),
    ...(block.type === 'actions' && { elements: (block.elements as Json[]).map(named) }),
    ...(block.accessory !== undefined && { accessory: named(block.accessory as Json) }),
    ...(block.element !== undefined && { element: named(block.element as Json) }),
  }))
}

const random = () => randomBytes(4).toString('base64url').slice(0, 5)

/** Every text that is shown, at any depth. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  )
}
