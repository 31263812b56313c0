import { type Answer, errorAnswer, jsonAnswer } from '../front/answer.ts'
import type { AwsRequest } from '../front/request.ts'

/** One page of a list; the token is where the next one begins. */
export function page(
  request: AwsRequest,
  field: string,
  items: unknown[],
  least: number,
  most: number,
): Answer {
  const { MaxResults = most, NextToken = '0' } = request.input as { MaxResults?: number; NextToken?: string }
  if (MaxResults < least || MaxResults > most) {
    return errorAnswer(
      request,
      400,
      'ValidationException',
      `Value at 'maxResults' must be between ${least} and ${most}`,
    )
  }
  const start = Number(NextToken)
  if (!Number.isInteger(start))
    return errorAnswer(request, 400, 'InvalidNextToken', 'The specified token is not valid.')
  const end = start + MaxResults
  return jsonAnswer({
    [field]: items.slice(start, end),
    ...(end < items.length ? { NextToken: String(end) } : {}),
  })
}
