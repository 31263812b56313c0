/** The run table as data, for whoever makes one: the tests, and the template whose test compares with it. */
import type { CreateTableInput, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb'

/** Runs by state and hold buckets by their end; `keys.ts` says what its two attributes hold. */
export const LISTING = 'listing'
/** Runs that somebody has to see to, by when. */
export const DUE = 'due'

/**
 * One table for everything, all of it on demand.
 *
 * The indexes lag behind the table by moments and carry keys only. They find what a sweep or a person looks for, and
 * every item found is then read strongly from the table: what they miss now, the next sweep finds. Both are spread over
 * shards, because a partition of an index takes 1,000 writes a second; a run that has ended is in `listing` only.
 */
export const RUN_TABLE = {
  AttributeDefinitions: [
    { AttributeName: 'PK', AttributeType: 'S' },
    { AttributeName: 'SK', AttributeType: 'S' },
    { AttributeName: 'listed', AttributeType: 'S' },
    { AttributeName: 'place', AttributeType: 'S' },
    { AttributeName: 'dueShard', AttributeType: 'S' },
    { AttributeName: 'duePlace', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'PK', KeyType: 'HASH' },
    { AttributeName: 'SK', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: LISTING,
      KeySchema: [
        { AttributeName: 'listed', KeyType: 'HASH' },
        { AttributeName: 'place', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: DUE,
      KeySchema: [
        { AttributeName: 'dueShard', KeyType: 'HASH' },
        { AttributeName: 'duePlace', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
} satisfies Omit<CreateTableInput, 'TableName'>

/** `expires` is epoch seconds; DynamoDB removes what is past it within days. */
export const TIME_TO_LIVE = { AttributeName: 'expires', Enabled: true } satisfies TimeToLiveSpecification
