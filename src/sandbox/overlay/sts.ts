import { withBody } from '../answer.ts'
import type { Answerer } from './overlay.ts'

/** The emulator calls a caller without an IAM user `arn:aws:sts::…:user/moto`, which AWS has nowhere. */
const getCallerIdentity: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  return withBody(
    answer,
    answer.body.toString().replace(/:sts::(\d{12}):user\/moto\b/, ':iam::$1:user/sandbox'),
  )
}

/** Remembers whose session a key is: that account's resources are what it sees. */
const assumeRole: Answerer = async (request, control, forward) => {
  const answer = await forward(request)
  const key = /<AccessKeyId>(\w+)</.exec(answer.body.toString())?.[1]
  const account = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(String(request.input.RoleArn))?.[1]
  if (key && account) control.sessions.set(key, account)
  return answer
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export const sts: Record<string, Answerer> = { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole }
