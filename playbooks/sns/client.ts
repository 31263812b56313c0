/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient as Client,
} from '@aws-sdk/client-sns'
