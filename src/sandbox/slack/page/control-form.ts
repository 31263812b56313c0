import { z } from 'zod'
import { Refused } from '../workspace-types.ts'

const faults = z
  .strictObject({
    down: z.enum(['reset', 'hang', 'stall', 'unavailable', 'html', 'page']).nullable(),
    delayMs: z.number().min(0),
    loseAnswers: z.int().min(0),
    lostBy: z.enum(['cut', 'hang', 'stall']),
    limit: z.int().min(0),
    retryAfter: z.int().min(0),
    limitStatus: z.literal([429, 200]),
    methods: z.array(z.string()),
  })
  .partial()

const user = z.strictObject({
  id: z.string(),
  deleted: z.boolean().optional(),
  isRestricted: z.boolean().optional(),
  isUltraRestricted: z.boolean().optional(),
  isStranger: z.boolean().optional(),
  isBot: z.boolean().optional(),
  team: z.string().optional(),
})

/**
 * What another process may set about the stand-in: `POST {page}/control`. What is left out stays.
 * `down: null`: Slack is up again.
 */
export const controlForm = z
  .strictObject({
    faults,
    receiver: z.string(),
    rate: z.number().min(0),
    advanceMs: z.int().min(0),
    token: z.string().min(1),
    signingSecret: z.string().min(1),
    users: z.array(user),
    groups: z.array(z.strictObject({ id: z.string(), users: z.array(z.string()) })),
    deleteMessage: z.strictObject({ channel: z.string(), ts: z.string() }),
    reset: z.literal(true),
  })
  .partial()

export type ControlForm = z.infer<typeof controlForm>

const text = z.string().min(1)
export const clickForm = z.strictObject({
  user: text,
  channel: text,
  ts: text,
  action_id: text,
  block_id: text.optional(),
  value: z.string().optional(),
  team: text.optional(),
})
const filled = z.union([z.string(), z.array(z.string()), z.null()])
export const submitForm = z.strictObject({
  user: text,
  view_id: text,
  values: z.record(z.string(), z.record(z.string(), filled)).optional(),
})
export const closeForm = z.strictObject({ user: text, view_id: text })
export const commandForm = z.strictObject({
  user: text,
  channel: text,
  text: z.string(),
  command: text.optional(),
})

export const sayForm = z.strictObject({
  user: text,
  channel: text,
  text,
  thread_ts: text.optional(),
})

/** @throws {Refused} `invalid_arguments`, in words */
export function checked<T>(form: z.ZodType<T>, value: unknown): T {
  const result = form.safeParse(value)
  if (result.success) return result.data
  throw new Refused('invalid_arguments', { detail: z.prettifyError(result.error) })
}
