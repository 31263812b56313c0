import { startSlack } from '../../src/sandbox/slack/start-slack.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { asked } from '../../test/support/asked-run.ts'
import { clickBody, signed, type WireRequest } from '../../test/support/slack-requests.ts'
import { type ColdStart, coldStarts, environment, firstEvent } from '../cold-start.ts'
import { startReceiverAws } from './receiver-aws.ts'

/** Of a container that a request of Slack starts. */
export interface ReceiverStart {
  /** A click that approves: the run is read, who clicked is asked of Slack, the decision is put down, the run woken. */
  genuine: ColdStart
  /** The same click, signed by somebody else. */
  forged: ColdStart
}

const TOKEN = '/rectify/slack-token'
const SIGNING_SECRET = '/rectify/slack-signing-secret'
/** What a genuine click asks of AWS, in any order. */
const DECIDED = ['GetItem', 'GetItem', 'GetParameter', 'GetParameter', 'SendMessage', 'TransactWriteItems']
const DAY_MS = 86_400_000

/**
 * A new process each round loads the bundled receiver and answers one click. Slack is the stand-in of the sandbox, and
 * AWS answers from memory, both over HTTP on loopback and in this process, which does nothing else meanwhile.
 * @param folder of the bundle, see `../runner-bundle.ts`
 */
export async function receiverStart(folder: string, rounds: number): Promise<ReceiverStart> {
  const slack = await startSlack({ rate: 0 })
  const run = waitingRun(slack.workspace)
  const secrets = { [TOKEN]: slack.token, [SIGNING_SECRET]: slack.signingSecret }
  const aws = await startReceiverAws(secrets, runAttributes(run))
  const env = {
    ...environment('slack', folder, aws.endpoint),
    AWS_LAMBDA_FUNCTION_NAME: 'SlackFunction',
    RECTIFY_SLACK_TOKEN_PARAMETER: TOKEN,
    RECTIFY_SLACK_SIGNING_SECRET_PARAMETER: SIGNING_SECRET,
    RECTIFY_SLACK_API_URL: slack.api,
  }
  const click = { user: 'U0ANN', workspace: slack.workspace, action: 'approve' }
  const body = clickBody({ ...click, value: `${run.id}:${run.plan!.hash}` })
  const answered = async (secret: string, status: number, calls: readonly string[]) => {
    const request = signed({ secret, now: Date.now() }, body)
    const handled = await firstEvent(folder, env, eventOf(request))
    const { statusCode } = handled.answer as { statusCode: number }
    const seen = aws.seen().sort()
    if (statusCode !== status || seen.join() !== calls.join())
      throw new Error(`the click was answered ${statusCode}, after ${seen.join(', ')}`)
    return handled
  }
  try {
    return {
      genuine: await coldStarts(rounds, () => answered(slack.signingSecret, 200, DECIDED)),
      forged: await coldStarts(rounds, () =>
        answered('another secret', 401, ['GetParameter', 'GetParameter']),
      ),
    }
  } finally {
    await aws.stop()
    await slack.stop()
  }
}

/** A run that was asked just now, of a group whose members Slack has to be asked for. */
function waitingRun(workspace: string) {
  const { approval } = asked()
  const now = Date.now()
  return asked({
    asked: { at: new Date(now).toISOString(), level: 0 },
    waitingUntil: new Date(now + DAY_MS).toISOString(),
    approval: { ...approval!, workspace, approvers: ['S0ONCALL'] },
  })
}

/** As a function URL hands a request on. */
function eventOf({ method, path, headers, body }: WireRequest): object {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'Slackbot 1.0' }
  return { requestContext: { http }, rawPath: path, headers, body, isBase64Encoded: false }
}
