import { withBody } from '../front/answer.ts'
import type { Answerer } from './answerer.ts'

/**
 * Where Macie is off AWS denies the question with this message, and the emulator says that there is no session; its dates
 * are none that the SDK reads. https://docs.aws.amazon.com/macie/latest/APIReference/macie.html
 */
const getMacieSession: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  if (answer.status === 200) {
    const text = answer.body.toString()
    return withBody(answer, text.replaceAll(/"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[.\d]*"/g, '"$1T$2Z"'))
  }
  if (answer.status !== 404) return answer
  return {
    status: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
    body: JSON.stringify({ message: 'Macie is not enabled' }),
  }
}

/** By method and path, as services of that protocol name their operations on the wire. */
export const macie: Record<string, Answerer> = { 'GET /macie': getMacieSession }
