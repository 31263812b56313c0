/** What is used of the client: a bundle carries nothing else of it. */
export { AccessAnalyzerClient as Client, StartResourceScanCommand } from '@aws-sdk/client-accessanalyzer'
