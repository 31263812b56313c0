/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  DescribeClustersCommand,
  ModifyClusterCommand,
  RedshiftClient as Client,
} from '@aws-sdk/client-redshift'
