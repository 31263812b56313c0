import { withBody } from '../front/answer.ts'
import type { Answerer } from './answerer.ts'

/** A function's session token says who it is: ministack's launcher makes it so. */
const FUNCTION = /^arn:aws:sts::\d{12}:assumed-role\/.+$/

/** The emulator calls a caller without an IAM user `arn:aws:sts::…:user/moto`, which AWS has nowhere. */
const getCallerIdentity: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  const [caller] = FUNCTION.exec(String(request.headers['x-amz-security-token'] ?? '')) ?? []
  const body = answer.body
    .toString()
    .replace(/arn:aws:sts::(\d{12}):user\/moto\b/, caller ?? 'arn:aws:iam::$1:user/sandbox')
  return withBody(answer, body)
}

/** Remembers whose session a key is: that account's resources are what it sees, and in its name it changes them. */
const assumeRole: Answerer = async (request, control, forward) => {
  const answer = await forward(request)
  const body = answer.body.toString()
  const key = /<AccessKeyId>(\w+)</.exec(body)?.[1]
  const session = /<Arn>(arn:[^<]+)</.exec(body)?.[1]
  const role = String(request.input.RoleArn)
  const account = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(role)?.[1]
  if (key && account) control.sessions.set(key, account)
  if (key && session) control.assumed.set(key, { role, session })
  return answer
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export const sts: Record<string, Answerer> = { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole }
