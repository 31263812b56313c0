/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeDomainConfigCommand,
  ListTagsCommand,
  OpenSearchClient as Client,
  UpdateDomainConfigCommand,
} from '@aws-sdk/client-opensearch'
