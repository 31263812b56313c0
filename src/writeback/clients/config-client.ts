/** What is used of the client: a bundle carries nothing else of it. */
export {
  ConfigServiceClient as Client,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service'
