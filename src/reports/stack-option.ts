/** What follows a proposed command that is about a deployment; '' where nobody knows its name. */
export const stackOption = (stack: string | undefined): string =>
  stack === undefined ? '' : ` --stack ${stack}`
