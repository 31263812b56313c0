import { CommanderError } from 'commander'
import { CredentialsProblem, EndpointProblem, nameAwsError } from '../../aws/errors.ts'
import { BadRequest, Refused } from '../../engine/refusals.ts'
import { messageOf } from '../../playbook/message-of.ts'
import { PolicyError, type Problem, problemText } from '../../policy/file/policy-error.ts'
import { reportJson } from '../../reports/run/run-json.ts'
import { StoreError } from '../../store/store-error.ts'
import { credentialsAdvice } from './credentials-advice.ts'
import type { ExitStatus } from './exit-status.ts'
import { type Invocation, isVerbose } from './invocation.ts'
import { alsoSameWay } from './same-way.ts'

/** Why nothing was done, in the words of `{ error }`. `unexpected` is a fault of ours. */
export interface Failure {
  kind: BadRequest['kind'] | 'unexpected'
  message: string
  file?: string
  line?: number
  key?: string
  /** All that is wrong with a policy file; the fields above are those of the first. */
  problems?: readonly Problem[]
}

/** Prints what went wrong, as the one document and as a line, and says with which status the program ends. */
export function fail(error: unknown, invocation: Invocation, argv: string[]): ExitStatus {
  const { output, shared, env } = invocation
  if (error instanceof Refused) {
    const report = reportJson({ runs: [error.run], ignored: [] }, [])
    const refused = alsoSameWay(error.message, invocation)
    output.result({ ...report, refused }, () => '')
    output.note(refused)
    return 3
  }
  const failure = failureOf(error, shared.profile ?? env.AWS_PROFILE)
  failure.message = alsoSameWay(failure.message, invocation)
  output.result({ error: failure }, () => '')
  output.note(failureText(failure))
  if (failure.kind === 'unexpected' && isVerbose(argv) && error instanceof Error)
    output.note(error.stack ?? '')
  return failure.kind === 'unexpected' ? 1 : 2
}

/**
 * Names what a command threw.
 * @param profile whose credentials were asked for, where one is named
 */
export function failureOf(error: unknown, profile?: string): Failure {
  if (error instanceof BadRequest) return { kind: error.kind, message: error.message }
  if (error instanceof PolicyError) return policyFailure(error)
  if (error instanceof CredentialsProblem) return credentialsFailure(error, profile)
  if (error instanceof EndpointProblem)
    return { kind: 'endpoint', message: `${error.action}: ${error.message}` }
  if (error instanceof StoreError) {
    const named = error.cause === undefined ? undefined : nameAwsError(error.cause, 'dynamodb')
    if (named instanceof CredentialsProblem) return credentialsFailure(named, profile)
    return { kind: 'usage', message: error.message }
  }
  if (error instanceof CommanderError) return { kind: 'usage', message: usageMessage(error) }
  return { kind: 'unexpected', message: messageOf(error) }
}

function credentialsFailure(error: CredentialsProblem, profile: string | undefined): Failure {
  const whose = profile ? ` (profile "${profile}")` : ''
  const advice = credentialsAdvice(error, profile)
  return {
    kind: 'credentials',
    message: `${error.action}: ${error.message.replace(/\.$/, '')}${whose}; ${advice}`,
  }
}

/** `unknown command 'paln' (Did you mean plan?)`: on one line, and what to do where commander only shows the help. */
function usageMessage({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'no command given; rectify --help lists them'
  return message.replace(/^error: /, '').replaceAll('\n', ' ')
}

function policyFailure({ file, line, key, problems, message }: PolicyError): Failure {
  return {
    kind: 'policy',
    message: problems[0]?.message ?? message,
    file,
    ...(line !== undefined && { line }),
    ...(key !== undefined && { key }),
    problems,
  }
}

/** The failure for people: what, where (one line for each problem of a policy), and for ours how to see more. */
export function failureText({ kind, message, file, problems }: Failure): string {
  if (kind === 'unexpected') return `unexpected: ${message}; run again with -v`
  if (file === undefined) return message
  return (problems ?? [{ message }]).map((problem) => problemText(file, problem)).join('\n')
}
