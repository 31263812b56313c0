/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export { GetAccountSummaryCommand, IAMClient as Client } from '@aws-sdk/client-iam'
