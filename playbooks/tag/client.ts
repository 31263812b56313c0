/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient as Client,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api'
