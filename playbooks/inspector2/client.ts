/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export { Inspector2Client as Client, ListFindingsCommand } from '@aws-sdk/client-inspector2'
