import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam'
import type { Aws, Place } from '../../aws/port.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Clock } from '../clock.ts'
import { type Simulated, simulatedIn } from './simulation-answers.ts'
import { asks, keyOf, type Question, type SimulationCall, simulationCalls } from './simulation-calls.ts'

/** An answer, or why there is none. */
export type Answered = Simulated | { unanswered: string }

/** Asks IAM's simulator about a principal. */
export type Simulate = (place: Place, principal: string, question: Question) => Promise<Answered>

/** Runs of one wave ask within this time of each other, and are answered by the same calls (ms). */
const GATHERED_MS = 100
/** How often it is waited for more, while more comes. */
const MOST_ROUNDS = 10
/** For questions about several resources of which the organisation refuses one: IAM does not say which. */
const MOST_ASKED_SINGLY = 10

const ACTION = 'iam:SimulatePrincipalPolicy'
const ALLOWS_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})

/**
 * IAM's simulator, for as long as a rehearsal: each question is asked once, those of one time together, and of one
 * principal one call after the other, because IAM throttles the simulator early. A principal about whom it may not be
 * asked, or who is not there, is not asked about again.
 */
export function simulator(aws: Aws, clock: Pick<Clock, 'sleep'>): Simulate {
  const queues = new Map<string, (question: Question) => Promise<Answered>>()
  return (place, principal, question) => {
    const ask = queues.get(principal) ?? queueFor(askOf(aws, place, principal), clock)
    queues.set(principal, ask)
    return ask(question)
  }
}

type Ask = (call: SimulationCall) => Promise<EvaluationResult[]>

interface Waiting {
  question: Question
  resolve(answer: Answered): void
  reject(error: unknown): void
}

function queueFor(ask: Ask, clock: Pick<Clock, 'sleep'>): (question: Question) => Promise<Answered> {
  const known = new Map<string, Promise<Answered>>()
  const state: QueueState = { singly: MOST_ASKED_SINGLY }
  let waiting: Waiting[] = []
  let isWorking = false

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      for (let before = 0, rounds = 0; before < waiting.length && rounds < MOST_ROUNDS; rounds++) {
        before = waiting.length
        await clock.sleep(GATHERED_MS)
      }
      const all = waiting
      waiting = []
      for (const call of simulationCalls(all.map(({ question }) => question)))
        await answerAll(ask, call, all, state)
    }
    isWorking = false
  }

  return (question) => {
    const key = keyOf(question)
    const asked = known.get(key)
    if (asked) return asked
    const answer = new Promise<Answered>((resolve, reject) => waiting.push({ question, resolve, reject }))
    known.set(key, answer)
    if (!isWorking) {
      isWorking = true
      void work()
    }
    return answer
  }
}

interface QueueState {
  /** Why nobody may be asked about the principal, once that is known. */
  refused?: string
  /** How many questions may still be asked by a call of their own. */
  singly: number
}

/** Answers whoever waits for a part of this call. Never rejects: what goes wrong goes to them. */
async function answerAll(
  ask: Ask,
  call: SimulationCall,
  all: readonly Waiting[],
  state: QueueState,
): Promise<void> {
  const own = all.filter(({ question }) => asks(call, question))
  try {
    const answers = await answersTo(ask, call, state)
    for (const { question, resolve } of own) resolve(await answers(question))
  } catch (error) {
    for (const { reject } of own) reject(error)
  }
}

type AnswersTo = (question: Question) => Promise<Answered>

async function answersTo(ask: Ask, call: SimulationCall, state: QueueState): Promise<AnswersTo> {
  if (state.refused !== undefined) return refusing(state.refused)
  const results = await asked(ask, call)
  if (results instanceof AwsError) {
    const why = `${ACTION}: ${results.message}`
    if (results.kind === 'denied' || results.kind === 'gone') {
      state.refused = why
      return refusing(why)
    }
    // One action that the simulator does not take spoils the answers about all others.
    if (results.kind === 'final' && call.actions.length > 1) return eachAction(ask, call, state)
    return refusing(why)
  }
  return async (question) => {
    const answer = simulatedIn(results, question.action, question.resource)
    if (!answer) return { unanswered: `${ACTION} has no answer about ${question.action}` }
    if (answer.organizationAllows || call.resources.length === 1 || state.singly === 0) return answer
    state.singly -= 1
    const { action, resource } = question
    const alone = await answersTo(ask, { ...call, actions: [action], resources: [resource] }, state)
    return alone(question)
  }
}

const refusing =
  (unanswered: string): AnswersTo =>
  async () => ({ unanswered })

async function eachAction(ask: Ask, call: SimulationCall, state: QueueState): Promise<AnswersTo> {
  const byAction = new Map<string, AnswersTo>()
  for (const action of call.actions)
    byAction.set(action, await answersTo(ask, { ...call, actions: [action] }, state))
  return (question) => byAction.get(question.action)!(question)
}

/** AWS's answer, or its refusal. */
async function asked(ask: Ask, call: SimulationCall): Promise<EvaluationResult[] | AwsError> {
  try {
    return await ask(call)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}

function askOf(aws: Aws, place: Place, PolicySourceArn: string): Ask {
  const reader = aws.reader(place, [ACTION], () => undefined)
  return ({ actions, resources, context, unbounded }) =>
    reader.list(
      'iam',
      'SimulatePrincipalPolicy',
      {
        PolicySourceArn,
        ActionNames: actions,
        // Of an action that knows no resource all resources are asked for, as IAM does when none is named.
        ...(resources.join() !== '*' && { ResourceArns: resources }),
        // It takes the place of the principal's own boundary.
        ...(unbounded && { PermissionsBoundaryPolicyInputList: [ALLOWS_ALL] }),
        ContextEntries: Object.entries(context).map(
          ([ContextKeyName, value]): ContextEntry => ({
            ContextKeyName,
            ContextKeyValues: [value],
            ContextKeyType: value === 'true' || value === 'false' ? 'boolean' : 'string',
          }),
        ),
      },
      'EvaluationResults',
    )
}
