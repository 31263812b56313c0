import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type ClientConfig, clientConfig, type SandboxEnvironment } from '../client-config.ts'
import type { Receiver } from '../slack/interactions/signed-request.ts'
import type { StandInSlack } from '../slack/stand-in.ts'

/** Names of the SSM parameters in which the sandbox keeps the secrets of its Slack app, as docs/slack.md does. */
const TOKEN = '/rectify/slack-token'
const SIGNING_SECRET = '/rectify/slack-signing-secret'

/** The template's parameters for a deployment that this Slack belongs to. */
export function slackParameters({ api }: Pick<StandInSlack, 'api'>): Record<string, string> {
  return { SlackTokenParameter: TOKEN, SlackSigningSecretParameter: SIGNING_SECRET, SlackApiUrl: api }
}

/** Puts the secrets of the Slack app where the functions look for them. */
export async function keepSecrets(
  env: SandboxEnvironment,
  { token, signingSecret }: Pick<StandInSlack, 'token' | 'signingSecret'>,
): Promise<void> {
  const ssm = new SSMClient(clientConfig(env))
  try {
    for (const [Name, Value] of [
      [TOKEN, token],
      [SIGNING_SECRET, signingSecret],
    ])
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }))
  } finally {
    ssm.destroy()
  }
}

/**
 * Where the emulator answers for a function URL (`https://ID.lambda-url.REGION.on.aws/`): that name leads nowhere on
 * this machine.
 * @param emulator `http://127.0.0.1:PORT`
 */
export function receiverAt(emulator: string, slackUrl: string): string {
  const [id] = new URL(slackUrl).hostname.split('.')
  return `${emulator}/_aws/lambda-url/${id}/`
}

/**
 * The receiver of whatever stack has been deployed by somebody else when a click comes: the newest that has one.
 * @param emulator `http://127.0.0.1:PORT`
 */
export function receiverOfAny(target: ClientConfig, emulator: string): Receiver {
  const cloudFormation = new CloudFormationClient(target)
  return async ({ method, headers, body }) => {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}))
    const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs)
    const url = outputs.findLast(({ OutputKey }) => OutputKey === 'SlackUrl')?.OutputValue
    if (url === undefined) return { status: 404, body: 'no stack here has a receiver' }
    const answer = await fetch(receiverAt(emulator, url), { method, headers, body })
    return { status: answer.status, body: await answer.text() }
  }
}
