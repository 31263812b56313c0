import { Readable } from 'node:stream'

/** What the wire gives for one request: an answer of HTTP, or the way in which the connection fails. */
export type WireAnswer =
  | { status: number; body: string; type?: string; headers?: Record<string, string> }
  | { fails: string; syscall?: string }

/** Stands in for the network below the SDK: gives these answers in turn, the last one for ever. */
export function wire(...answers: WireAnswer[]) {
  const requests: { host: string }[] = []
  return {
    requests,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      async handle(request: unknown) {
        requests.push({ host: (request as { hostname: string }).hostname })
        const answer = answers[Math.min(requests.length, answers.length) - 1]!
        if ('fails' in answer)
          throw Object.assign(new Error(`wire: ${answer.fails}`), { code: answer.fails, ...answer })
        const headers = {
          'content-type': answer.type ?? 'text/xml',
          'x-amzn-requestid': `req-${requests.length}`,
          ...answer.headers,
        }
        return {
          response: { statusCode: answer.status, headers, body: Readable.from([Buffer.from(answer.body)]) },
        }
      },
    },
  }
}

/** How EC2 says no. */
export function ec2Error(code: string, message = code, status = 400): WireAnswer {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`
  return { status, body }
}

/** How STS says who asks. */
export function whoIs(account = '123456789012', name = 'user/tester'): WireAnswer {
  const result = `<Arn>arn:aws:iam::${account}:${name}</Arn><UserId>U</UserId><Account>${account}</Account>`
  return {
    status: 200,
    body: `<GetCallerIdentityResponse><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
  }
}

export function json(value: unknown, status = 200): WireAnswer {
  return { status, body: JSON.stringify(value), type: 'application/x-amz-json-1.1' }
}
