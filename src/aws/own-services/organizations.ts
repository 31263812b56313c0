/** AWS Organizations as far as the engine asks it where an account stands. Nothing else of its client is bundled. */
export {
  DescribeAccountCommand,
  ListParentsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient as Client,
} from '@aws-sdk/client-organizations'
