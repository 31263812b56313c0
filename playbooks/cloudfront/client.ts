/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  CloudFrontClient as Client,
  GetDistributionCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront'
