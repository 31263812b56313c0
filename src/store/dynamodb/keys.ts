/**
 * The layout of the run table, all of it here.
 *
 * | item              | PK                        | SK                    | attributes                                |
 * |-------------------|---------------------------|-----------------------|-------------------------------------------|
 * | run               | `RUN#<run>`               | `RUN`                 | body, revision, decisions, attached, undoneBy |
 * | commit            | `RUN#<run>`               | `COMMIT#<revision>`   | commitId, digest, audit                   |
 * | attached finding  | `RUN#<run>`               | `FINDING#<number>`    | body                                      |
 * | newest run of key | `NEWEST#<playbook>#<key>` | `NEWEST`              | newestRun                                 |
 * | what finds a run  | `FOUND#<key>`             | `AT#<startedAt>#<run>` | foundRun                                  |
 * | what a run started | `STARTED#<command>`      | `STARTED`             | startedBy                                 |
 * | lock              | `LOCK#<ARN>`              | `LOCK`                | epoch, holder, leaseOwner, leaseUntil     |
 * | holds             | `SET#<ARN>`               | `HOLDS#<bucket>`      | holders                                   |
 * | kill switch       | `CONTROL`                 | `CONTROL`             | body                                      |
 * | pause of a playbook or account | `CONTROL`    | `CONTROL#<scope>`     | body                                      |
 * | tokens            | `TOKENS#<scope>`          | `SHARD#<number>`      | tokenEnds, tokenVersion, expires          |
 * | exemption         | `EXEMPTION#<id>`          | `EXEMPTION`           | body, expires                             |
 * | exemptions of a resource | `EXEMPT#<resource>` | `EXEMPT`             | body, exemptVersion, expires              |
 * | how far one has read | `BOOKMARK#<name>`    | `BOOKMARK`            | body                                      |
 * | policy in force, in S3 | `POLICY#<bucket>/<key>` | `POLICY`           | body, policyRevision                      |
 * | what was told     | `NOTICE#<run>-<revision>` | `NOTICE`              | expires                                   |
 * | what a detector was told | `TOLD#<run>`        | `TO#<detector>[ <finding>]` | body, expires                             |
 * | card in Slack     | `CARD#<card>`             | `CARD`                | body, cardVersion, expires                |
 * | card of a run     | `CARDOF#<run>`            | `CARD`                | cardId, cardRound, expires                |
 * | newest card       | `CARDS#<channel>#<playbook>` | `CARDS`            | cardId, expires                           |
 *
 * `listed` and `place` put an item into the index `listing`: a run under its state and shard, by start and id; a bucket of
 * holds under `held`, by the first of their ends that is to be carried out; an exemption under `exempt`, by its id.
 * `expires` is the time to live. The commits of a run are its audit, in order, and each is written once: on the table's
 * stream its `commitId` is the id of the event.
 * No attribute has one of DynamoDB's reserved words for a name, so expressions spell them out.
 */
import { createHash } from 'node:crypto'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Run } from '../../run/run.ts'

export interface Key {
  PK: { S: string }
  SK: { S: string }
}

export const runKey = (run: string) => key(partitionOf(run), 'RUN')
export const commitKey = (run: string, revision: number) =>
  key(partitionOf(run), `${COMMITS}${numbered(revision)}`)
export const findingKey = (run: string, number: number) =>
  key(partitionOf(run), `${FINDINGS}${numbered(number)}`)
/** Playbook ids have no `#`, so the two parts cannot run into each other. */
export const newestKey = (playbook: string, target: string) => key(`NEWEST#${playbook}#${target}`, 'NEWEST')
export const startedKey = (id: string) => key(`STARTED#${id}`, 'STARTED')
export const lockKey = (resource: string) => key(`LOCK#${resource}`, 'LOCK')
export const timeBoxesKey = (resource: string, bucket: string) => key(setOf(resource), HOLDS + bucket)
export const foundKey = (by: string, run: Pick<Run, 'id' | 'startedAt'>) =>
  key(foundIn(by), FOUND_AT + placeOf(run))
export const FOUND_AT = 'AT#'
/** Partition of the runs that a key finds. */
export const foundIn = (by: string) => `FOUND#${by}`
/** When runs of before were last looked for, to be taken over into the index of what is due. */
export const adoptedKey = () => key('CONTROL', 'ADOPTED')
export const controlKey = () => key(CONTROL, CONTROL)
/** Partition of the kill switch and of all pauses, which begin so. */
export const CONTROL = 'CONTROL'
const PAUSE = 'CONTROL#'
export const pauseKey = (scope: string) => key(CONTROL, PAUSE + scope)
/** What an item of the partition pauses, where that is not everything. */
export const scopeOfPause = ({ SK }: Key) => SK.S.slice(PAUSE.length)

/** Partition of the tokens of a scope. */
export const tokensIn = (scope: string) => `TOKENS#${scope}`
export const TOKEN_SHARDS = 'SHARD#'
export const tokenShardKey = (scope: string, shard: number) =>
  key(tokensIn(scope), TOKEN_SHARDS + String(shard).padStart(2, '0'))
export const shardNumberOf = ({ SK }: Key) => Number(SK.S.slice(TOKEN_SHARDS.length))

/** Both begin alike: who may exempt a resource, but write no run, is allowed keys of this form. */
export const exemptionKey = (id: string) => key(`EXEMPTION#${id}`, 'EXEMPTION')
export const exemptKey = (resource: string) => key(`EXEMPT#${resource}`, 'EXEMPT')
/** How far one is in something long, by its name. */
export const bookmarkKey = (name: string) => key(`BOOKMARK#${name}`, 'BOOKMARK')
/** Which version of the policy that lies there is in force. */
export const policyKey = (object: string) => key(policyIn(object), POLICY)
const policyIn = (object: string) => `POLICY#${object}`
/** `BUCKET/KEY` of an item of a policy. */
export const objectOfPolicy = ({ PK }: Key) => PK.S.slice(policyIn('').length)
export const POLICY = 'POLICY'
/** That people have been told of a stored state of a run, by this way; the topic's were there before there were others. */
export const noticeKey = (run: string, revision: number, way = 'sns') =>
  key(`NOTICE#${run}-${revision}`, way === 'sns' ? 'NOTICE' : `NOTICE#${way}`)

/** Partition of what detectors were told of a run; not the run's own: who tells them may write no run. */
export const toldIn = (run: string) => `TOLD#${run}`
export const TOLD_TO = 'TO#'
export const toldKey = (run: string, name: string) => key(toldIn(run), TOLD_TO + name)

export const cardKey = (card: string) => key(`CARD#${card}`, 'CARD')
/** The card on which a run is shown now; not in the run's own partition: who draws cards may write no run. */
export const cardOfRunKey = (run: string) => key(`CARDOF#${run}`, 'CARD')
export const newestCardKey = (channel: string, playbook: string) =>
  key(`CARDS#${channel}#${playbook}`, 'CARDS')

/** Partition of a run, its commits and its findings. */
export const partitionOf = (run: string) => `RUN#${run}`
export const COMMITS = 'COMMIT#'
export const FINDINGS = 'FINDING#'
/** Partition of the holds on the entries of a set. */
export const setOf = (resource: string) => `SET#${resource}`
export const HOLDS = 'HOLDS#'
/** The set of an item of its partition. */
export const setIn = ({ PK }: Key) => PK.S.slice(setOf('').length)

/** The key of an item of the table or of its index. */
export function keyOf({ PK, SK }: Record<string, AttributeValue>): Key {
  return key(PK?.S ?? '', SK?.S ?? '')
}

/** A key as text. */
export function nameOf({ PK, SK }: Key): string {
  return JSON.stringify([PK.S, SK.S])
}

/** Shards of an index: a partition takes 1,000 writes a second. */
const SHARDS = 8
const shardOf = (run: string) => createHash('sha256').update(run).digest()[1]! % SHARDS
/** Partitions of the index for the runs of a state; the last is where they all stood before there were shards. */
export const listsOf = (state: string) => [...shards().map((shard) => `${state}#${shard}`), state]
/** Partitions of what is due. */
export const dueShards = () => shards().map((shard) => `due#${shard}`)
const shards = () => Array.from({ length: SHARDS }, (_, shard) => shard)
/** Under what the index lists a run. */
export const listOf = ({ id, state }: Pick<Run, 'id' | 'state'>) => `${state}#${shardOf(id)}`
export const dueShardOf = (run: string) => `due#${shardOf(run)}`

/** Where the index lists a run among those of its state. */
export const placeOf = (run: Pick<Run, 'id' | 'startedAt'>) => `${run.startedAt}#${run.id}`
/** Under what the index lists the buckets of holds. */
export const HELD = 'held'
/** Under what the index lists exemptions. */
export const EXEMPT = 'exempt'
/** As text that sorts like the time: ms since 1970, UTC. */
export const placeOfEnd = (until: number) => String(until).padStart(15, '0')

/**
 * The bucket of an entry's holds. A set takes 10,000 addresses and a transaction 100 items, so the holds of a set are
 * spread over this many items. One may take 400 kB: `items.ts` packs them, and `MOST_HOLDERS` bounds them.
 */
const BUCKETS = 64
export function bucketOf(entry: string): string {
  const [byte = 0] = createHash('sha256').update(entry).digest()
  return String(byte % BUCKETS).padStart(2, '0')
}

function key(PK: string, SK: string): Key {
  return { PK: { S: PK }, SK: { S: SK } }
}

function numbered(number: number): string {
  return String(number).padStart(10, '0')
}
