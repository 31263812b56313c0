import { errorAnswer, jsonAnswer } from '../front/answer.ts'
import type { Answerer } from './answerer.ts'

/** While it has no rule at all, the emulator answers any name with an empty list; AWS refuses what is not there. */
const describeConfigRules: Answerer = async (request, _control, forward) => {
  const answer = await forward(request)
  const [name] = (request.input.ConfigRuleNames ?? []) as string[]
  if (answer.status !== 200 || name === undefined) return answer
  const { ConfigRules = [] } = JSON.parse(answer.body.toString()) as { ConfigRules?: unknown[] }
  if (ConfigRules.length > 0) return answer
  const message = `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name`
  return errorAnswer(request, 400, 'NoSuchConfigRuleException', message)
}

/** The emulator does not know it. What a rule would say is a detector's word, which the sandbox is told to say. */
const startConfigRulesEvaluation: Answerer = async (request, control, forward) => {
  const headers = { ...request.headers, 'x-amz-target': 'StarlingDoveService.DescribeConfigRules' }
  const described = await describeConfigRules({ ...request, headers }, control, forward)
  return described.status === 200 ? jsonAnswer({}) : described
}

/** https://docs.aws.amazon.com/config/latest/APIReference/API_Operations.html */
export const config: Record<string, Answerer> = {
  DescribeConfigRules: describeConfigRules,
  StartConfigRulesEvaluation: startConfigRulesEvaluation,
}
