import * as z from 'zod/mini'

const instanceId = z.string().check(z.regex(/^(i-(\w{8}|\w{17})|mi-\w{17})$/))
const commandId = z.string().check(z.length(36))
const between = (least: number, most: number) => z.optional(z.int().check(z.gte(least), z.lte(most)))
const texts = (least: number, most: number) =>
  z.array(z.string().check(z.minLength(1))).check(z.minLength(least), z.maxLength(most))

/** `ExecutionStage` is for commands only. */
const commandFilters = (keys: readonly string[]) =>
  z.optional(
    z
      .array(z.object({ key: z.enum(keys), value: z.string().check(z.minLength(1), z.maxLength(128)) }))
      .check(z.minLength(1), z.maxLength(5)),
  )
const INVOCATION_FILTERS = ['InvokedAfter', 'InvokedBefore', 'Status', 'DocumentName']

/**
 * What Systems Manager takes, by its service model of 2014-11-06: required members, sizes, forms. Members that the
 * project does not use are not looked at.
 */
const INPUTS: Record<string, z.ZodMiniType> = {
  SendCommand: z.object({
    DocumentName: z.string().check(z.regex(/^[a-zA-Z0-9_\-.:/]{3,128}$/)),
    InstanceIds: z.optional(z.array(instanceId).check(z.maxLength(50))),
    Comment: z.optional(z.string().check(z.maxLength(100))),
    TimeoutSeconds: between(30, 2_592_000),
  }),
  ListCommands: z.object({
    CommandId: z.optional(commandId),
    InstanceId: z.optional(instanceId),
    MaxResults: between(1, 50),
    Filters: commandFilters([...INVOCATION_FILTERS, 'ExecutionStage']),
  }),
  ListCommandInvocations: z.object({
    CommandId: z.optional(commandId),
    InstanceId: z.optional(instanceId),
    MaxResults: between(1, 50),
    Filters: commandFilters(INVOCATION_FILTERS),
  }),
  GetCommandInvocation: z.object({
    CommandId: commandId,
    InstanceId: instanceId,
    PluginName: z.optional(z.string().check(z.minLength(4))),
  }),
  DescribeInstanceInformation: z.object({
    Filters: z.optional(z.array(z.object({ Key: z.string().check(z.minLength(1)), Values: texts(1, 100) }))),
    MaxResults: between(5, 50),
  }),
  DescribeInstancePatchStates: z.object({
    InstanceIds: z.array(instanceId).check(z.maxLength(50)),
    MaxResults: between(10, 100),
  }),
}

export interface Refusal {
  code: string
  message: string
}

/** Why Systems Manager refuses an input before it looks at anything; undefined: it does not. */
export function malformed(operation: string, input: unknown): Refusal | undefined {
  const checked = INPUTS[operation]?.safeParse(input)
  if (!checked || checked.success) return undefined
  const { issues } = checked.error
  const code = issues.some(({ path }) => path.at(-1) === 'key') ? 'InvalidFilterKey' : 'ValidationException'
  const wrong = issues.map(({ path, message }) => `Value at '${path.join('.')}': ${message}`)
  return { code, message: `${wrong.length} validation error(s) detected: ${wrong.join('; ')}` }
}
