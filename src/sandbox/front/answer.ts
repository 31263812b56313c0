import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import type { AwsRequest } from './request.ts'

export interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer | string
}

/** An answer of a JSON service; dates as seconds since 1970, as awsJson 1.1 has them. */
export function jsonAnswer(value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): Answer {
  const body = JSON.stringify(value)
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID(), ...headers },
    body,
  }
}

/** An answer of EC2; `content` is the XML inside the operation's response element. */
export function ec2Answer(request: AwsRequest, content: string): Answer {
  const element = `${request.operation}Response`
  return xml(
    200,
    `<${element} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId>${content}</${element}>`,
  )
}

/** An answer of IAM; `content` is the XML inside the operation's result element. */
export function iamAnswer({ operation }: AwsRequest, content: string): Answer {
  const [element, result] = [`${operation}Response`, `${operation}Result`]
  const about = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`
  return xml(
    200,
    `<${element} xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${result}>${content}</${result}>${about}</${element}>`,
  )
}

/** An AWS error in the words of the request's protocol (query: XML, awsJson: `__type`). */
export function errorAnswer(request: AwsRequest, status: number, code: string, message: string): Answer {
  const id = randomUUID()
  const inner = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`
  switch (request.protocol) {
    case 'awsJson':
      // WAFv2's exceptions carry `Message`, SSM's `message`; the SDK reads both.
      return jsonAnswer({ __type: code, message, Message: message }, status, { 'x-amzn-errortype': code })
    case 'ec2Query':
      return xml(
        status,
        `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${id}</RequestID></Response>`,
      )
    case 'awsQuery':
      return xml(
        status,
        `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>${id}</RequestId></ErrorResponse>`,
      )
    case 'rest':
      // Of the services that speak so only S3 writes XML.
      if (request.service !== 's3')
        return jsonAnswer({ message, Message: message }, status, { 'x-amzn-errortype': code })
      return xml(status, `<Error>${inner}<RequestId>${id}</RequestId></Error>`)
  }
}

/** The same answer with other content. */
export function withBody(answer: Answer, body: string): Answer {
  const { 'content-length': _, ...headers } = answer.headers
  return { ...answer, headers, body }
}

/** What EC2 answers to a dry run that would have succeeded. */
export function dryRunAnswer(request: AwsRequest): Answer {
  return errorAnswer(request, 412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.')
}

function xml(status: number, content: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
  }
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
