/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  Route53Client as Client,
} from '@aws-sdk/client-route-53'
