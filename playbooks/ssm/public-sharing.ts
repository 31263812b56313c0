/** Whether documents of a region may be shared with everybody: `Enable`, as AWS has it by default, or `Disable`. */
export const PUBLIC_SHARING = '/ssm/documents/console/public-sharing-permission'

/** The setting alone: others of Systems Manager say which role instances get, or what parameters cost. */
export const PUBLIC_SHARING_ARN = `arn:{partition}:ssm:{region}:{account}:servicesetting${PUBLIC_SHARING}`
