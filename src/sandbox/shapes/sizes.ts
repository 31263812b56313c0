interface TooLarge {
  code: string
  text: string
}

type Input = Record<string, unknown>

const MESSAGE_BYTES = 1024 * 1024
const SESSION_POLICY_CHARACTERS = 2048
const ITEM_BYTES = 400 * 1024
/** Letters, digits and punctuation: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const FIFO_ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/

/** Bounds that AWS documents in words, by service and operation; its models do not have them. */
const CHECKS: Record<string, Record<string, (input: Input) => TooLarge | undefined>> = {
  sqs: { SendMessage: message },
  sts: { AssumeRole: sessionPolicy },
  dynamodb: {
    PutItem: ({ Item }) => item(Item),
    TransactWriteItems: ({ TransactItems }) =>
      (TransactItems as { Put?: { Item: unknown } }[]).map(({ Put }) => item(Put?.Item)).find(Boolean),
  },
}

/** What is too large or too long for AWS in an input that is otherwise as its model says. */
export function tooLarge(service: string, operation: string, input: Input): TooLarge | undefined {
  return CHECKS[service]?.[operation]?.(input)
}

function message({
  QueueUrl,
  MessageBody,
  MessageGroupId,
  MessageDeduplicationId,
}: Input): TooLarge | undefined {
  const refused = (text: string) => ({ code: 'InvalidParameterValue', text })
  if (Buffer.byteLength(String(MessageBody)) > MESSAGE_BYTES)
    return refused(
      `One or more parameters are invalid. Reason: Message must be shorter than ${MESSAGE_BYTES} bytes.`,
    )
  if (String(QueueUrl).endsWith('.fifo') && MessageGroupId === undefined)
    return { code: 'MissingParameter', text: 'The request must contain the parameter MessageGroupId.' }
  const ids = [MessageGroupId, MessageDeduplicationId].filter((id) => id !== undefined).map(String)
  const bad = ids.find((id) => !FIFO_ID.test(id))
  return bad === undefined
    ? undefined
    : refused(`Value ${bad} is invalid: 1 to 128 letters, digits and punctuation.`)
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: in plain text, whatever it packs to. */
function sessionPolicy({ Policy = '' }: Input): TooLarge | undefined {
  if (String(Policy).length <= SESSION_POLICY_CHARACTERS) return undefined
  const text = `Value at 'policy' failed to satisfy constraint: at most ${SESSION_POLICY_CHARACTERS} characters`
  return { code: 'ValidationError', text }
}

/** About its size: names and values, as text. */
function item(value: unknown): TooLarge | undefined {
  if (Buffer.byteLength(JSON.stringify(value ?? {})) <= ITEM_BYTES) return undefined
  return { code: 'ValidationException', text: 'Item size has exceeded the maximum allowed size' }
}
