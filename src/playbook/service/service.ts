import type { Operation, Service } from '../api.ts'
import type { AwsErrorKind } from '../aws-error.ts'
import type { Joinable } from './joinable.ts'
import { madeBy } from './made-by.ts'

/** What codes of a service mean to a run; general ones (throttling, denials ...) are known for all of them. */
export type ErrorCodes = { readonly [K in AwsErrorKind]?: readonly string[] }

/** Where an answer says that there is more, and where the next request says it back. */
export interface PageToken {
  /** Field of the answer: `NextContinuationToken`. */
  answer: string
  /** Input field: `ContinuationToken`. */
  request: string
}

/** How an operation is asked for its largest page. */
export interface Page {
  /** Input field. */
  field: string
  size: number
  /** Input field with ids, with which a page size may not be combined. */
  without?: string
  /** Where it pages otherwise than its service: as `pageToken` there. */
  token?: string | PageToken
}

/**
 * All that is to be known of an AWS service besides its playbooks: pure data, so that a service is one folder and nothing
 * in the engine names one. The folder's `service.ts` also adds the types of its client to `RectifyServices`.
 */
export interface ServiceDefinition<S extends Service = Service> {
  /** As calls name it, and as its folder is called: `ec2`. */
  id: S
  /** The SDK's package, of which `client.ts` carries what playbooks use; default `@aws-sdk/client-` and the id. */
  client?: string
  /** Loads `client.ts` when the service is called for the first time. */
  load(): Promise<object>
  /** What its IAM actions begin with, where that is not the id. */
  iamPrefix?: string
  /** Its own operations, where another service has the same prefix, and actions that would be both's. */
  ownOperations?: readonly Operation<S>[]
  /** Names of IAM actions that are not those of their operations: `{ PutPublicAccessBlock: 'PutBucketPublicAccessBlock' }`. */
  iamActions?: { readonly [O in Operation<S>]?: string }
  /** Codes of its errors. One that nobody lists is `gone` when it ends in `.NotFound`, `retryable` with a 5xx, else `final`. */
  errors?: ErrorCodes
  /** Operations that answer 200 and say in a field, a map by resource, what failed: `{ TagResources: 'FailedResourcesMap' }`. */
  failuresIn?: { readonly [O in Operation<S>]?: string }
  /** Reads that differ only in ids, and are sent as one call. */
  joinable?: { readonly [O in Operation<S>]?: Joinable }
  pages?: { readonly [O in Operation<S>]?: Page }
  /**
   * Where an answer says that there is more, and the next request says it back; `NextToken` is always understood. A list
   * whose answer goes on by a field that is not said here is refused.
   */
  pageToken?: string | PageToken
  /** Changes that AWS only checks when they carry `DryRun`. Any other would be carried out, so they are named one by one. */
  dryRun?: readonly Operation<S>[]
  /** Reads that leave out what AWS services manage unless they are asked to include it (`IncludeManagedResources`). */
  hidesManaged?: readonly Operation<S>[]
  /** What its client is given besides where an endpoint is named, as that of an emulator. */
  atEndpoint?: Readonly<Record<string, unknown>>
}

/** The facts of a service, its operations checked against the SDK's. */
export function defineService<S extends Service>(definition: ServiceDefinition<S>): ServiceDefinition<S> {
  return madeBy('defineService', definition)
}

/** IAM action of an operation: `s3:PutBucketPublicAccessBlock` of PutPublicAccessBlock. */
export function iamActionOf(service: ServiceDefinition, operation: string): string {
  const names: Readonly<Record<string, string | undefined>> = service.iamActions ?? {}
  return `${service.iamPrefix ?? service.id}:${names[operation] ?? operation}`
}
