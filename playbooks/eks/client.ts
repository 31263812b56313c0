/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export { DescribeClusterCommand, EKSClient as Client, UpdateClusterConfigCommand } from '@aws-sdk/client-eks'
