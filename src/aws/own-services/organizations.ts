/** AWS Organizations as far as it is asked where an account stands, and for the accounts of a unit. Nothing else of its client is bundled. */
export {
  DescribeAccountCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient as Client,
} from '@aws-sdk/client-organizations'
