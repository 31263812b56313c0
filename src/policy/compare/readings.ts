import type { ManagerKind } from '../../playbook/managed-by.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { calledPlace } from '../conditions/tag-places.ts'
import type { StandsIn, Subject, TagPlace } from '../rules.ts'
import { durationMs } from '../written-durations.ts'
import type { Asked } from './asked-of-resource.ts'
import { textReadings } from './text-readings.ts'

/** Something that may be the case with a finding and its resource. */
export interface Reading {
  subject: Subject
  /** For a person: `it has tags environment=prod and it is called "bastion-"`; empty where nothing is asked. */
  words: string
  /** Something that is asked for could not be read. */
  unread: boolean
}

/** One value of something that is asked for, as it changes the subject. */
interface Choice {
  of: (subject: Subject) => Subject
  words: string
  unread?: true
}

/** More combinations than this are not tried one by one. */
const MOST_READINGS = 5_000

/**
 * All that may be the case and policies can tell apart: one reading for each combination, also that something cannot be
 * read.
 * @param now ms since 1970, UTC
 * @returns undefined where there are too many
 */
export function readingsOf(
  asked: Asked,
  subject: Subject,
  { tagsOf, nameOf }: Pick<PlaybookHead, 'tagsOf' | 'nameOf'>,
  now: number,
): Reading[] | undefined {
  const hasTags = typeof tagsOf === 'string'
  const places = placesTried(asked, hasTags)
  const dimensions = [
    resourceChoices(asked.resources),
    ...places.map((place) => tagChoices(asked, place)),
    nameOf === undefined ? [] : nameChoices(asked.names),
    unitChoices(asked.units),
    accountTagChoices(asked),
    asked.reachable ? REACH_CHOICES : [],
    ageChoices(asked.ages, now),
  ]
  const about: Subject = { ...subject, standsIn: NOWHERE, ...(!hasTags && { hasNoTags: true }) }
  let readings: Reading[] = [{ subject: about, words: '', unread: false }]
  for (const choices of dimensions) {
    if (choices === undefined || readings.length * choices.length > MOST_READINGS) return undefined
    if (choices.length > 0)
      readings = readings.flatMap((reading) => choices.map((each) => read(reading, each)))
  }
  return readings
}

function read({ subject, words, unread }: Reading, choice: Choice): Reading {
  return {
    subject: choice.of(subject),
    words: [words, choice.words].filter(Boolean).join(' and '),
    unread: unread || choice.unread === true,
  }
}

/** Which resource it is, where the finding does not say so. */
function resourceChoices(patterns: ReadonlySet<string>): Choice[] | undefined {
  if (patterns.size === 0) return []
  return textReadings([...patterns])?.map((text) => ({
    words: text === '' ? 'it is another resource' : `it is ${text}`,
    of: (subject) => ({ ...subject, resource: { ...subject.resource, arn: text, id: text } }),
  }))
}

function nameChoices(patterns: ReadonlySet<string>): Choice[] | undefined {
  if (patterns.size === 0) return []
  const named = textReadings([...patterns])?.map(
    (name): Choice => ({
      words: `it is called "${name}"`,
      of: (subject) => ({ ...subject, resource: { ...subject.resource, name } }),
    }),
  )
  return named && [...named, { words: 'its name cannot be read', of: (subject) => subject, unread: true }]
}

const NOWHERE: StandsIn = { vpc: null, stack: null, account: null }

/** Where both look in the same places, the first that may have tags tells as much as all. */
function placesTried({ places, tags, managers }: Asked, hasTags: boolean): TagPlace[] {
  const able = places.filter((place) => place !== 'resource' || hasTags)
  if (tags.size === 0 && managers.size === 0) return []
  return places.length > 1 && tags.has('rectify:mode') ? able : able.slice(0, 1)
}

/** The tags of a place. Who manages a resource shows on the resource alone. */
function tagChoices({ tags, managers }: Asked, place: TagPlace): Choice[] | undefined {
  const bags = bagsOf(tags, managerBags(place === 'resource' ? [...managers] : []))
  const put = (bag: Tags | 'unread') => (subject: Subject) =>
    place === 'resource'
      ? { ...subject, tags: bag }
      : { ...subject, standsIn: { ...subject.standsIn, [place]: bag } }
  const [who, whose] =
    place === 'resource' ? ['it', 'its tags'] : [calledPlace(place), `tags of ${calledPlace(place)}`]
  const known = bags?.map((bag): Choice => ({ words: tagWords(bag, who), of: put(bag) }))
  return known && [...known, { words: `${whose} cannot be read`, of: put('unread'), unread: true }]
}

/** The account is in each of the units or is not, whatever else it is in. */
function unitChoices(units: ReadonlySet<string>): Choice[] | undefined {
  if (units.size === 0) return []
  if (2 ** units.size > MOST_READINGS) return undefined
  const sets = [...units].reduce<string[][]>((all, unit) => all.flatMap((set) => [set, [...set, unit]]), [[]])
  const put = (path: readonly string[] | 'unread') => (subject: Subject) => ({
    ...subject,
    organization: { ...organizationOf(subject), path },
  })
  const known = sets.map(
    (set): Choice => ({
      words: set.length === 0 ? 'its account is in no such unit' : `its account is in ${set.join(' and ')}`,
      of: put(set),
    }),
  )
  return [...known, { words: 'the unit of its account cannot be read', of: put('unread'), unread: true }]
}

function accountTagChoices({ accountTags }: Asked): Choice[] | undefined {
  if (accountTags.size === 0) return []
  const put = (tags: Tags | 'unread') => (subject: Subject) => ({
    ...subject,
    organization: { ...organizationOf(subject), tags },
  })
  const known = bagsOf(accountTags, [{}])?.map(
    (bag): Choice => ({
      words: tagWords(bag, 'its account'),
      of: put(bag),
    }),
  )
  return known && [...known, { words: 'tags of its account cannot be read', of: put('unread'), unread: true }]
}

function organizationOf({
  organization = 'unread',
}: Subject): Exclude<Subject['organization'], 'unread' | undefined> {
  return organization === 'unread' ? { path: 'unread', tags: 'unread' } : organization
}

const REACH_CHOICES: Choice[] = [
  { words: 'everybody can reach it', of: (subject) => ({ ...subject, reachable: true }) },
  { words: 'not everybody can reach it', of: (subject) => ({ ...subject, reachable: false }) },
  { words: 'whether it can be reached is not told', of: (subject) => subject, unread: true },
]

/** An age below, at and above each that is compared with; none lies between two of them that is told apart from these. */
function ageChoices(bounds: ReadonlySet<string>, now: number): Choice[] {
  if (bounds.size === 0) return []
  const put = (ageMs: number) => (subject: Subject) => ({
    ...subject,
    reportedAt: new Date(now - ageMs).toISOString(),
  })
  const known = [...bounds].flatMap((bound): Choice[] => [
    { words: `it was reported ${bound} ago`, of: put(durationMs(bound)) },
    { words: `it was reported more than ${bound} ago`, of: put(durationMs(bound) + 1) },
  ])
  return [
    { words: 'it has just been reported', of: put(0) },
    ...known,
    { words: 'nobody says when it was reported', of: (subject) => subject, unread: true },
  ]
}

/** Bags that have, beside what they have already, each value that is told apart, or none. */
function bagsOf(tags: Asked['tags'], first: Tags[]): Tags[] | undefined {
  let bags = first
  for (const [key, values] of tags) {
    const texts = textReadings([...values])
    if (texts === undefined || bags.length * (texts.length + 1) > MOST_READINGS) return undefined
    // What is compared to the letter today may be written with a star; the empty text stands for no tag at all.
    const told = [...new Set([...texts, ...values])].filter((text) => text !== '')
    bags = bags.flatMap((bag) => [bag, ...told.map((value) => ({ ...bag, [key]: value }))])
  }
  return bags
}

function tagWords(bag: Tags, whose: string): string {
  const pairs = Object.entries(bag).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? `${whose} has no such tags` : `${whose} has tags ${pairs.join(', ')}`
}

/** Tags by which one is told; no tool leaves fewer. */
export const MANAGER_TAGS: Record<ManagerKind, Tags> = {
  cloudformation: { 'aws:cloudformation:stack-name': 'a-stack' },
  controltower: { 'aws:cloudformation:stack-name': 'StackSet-AWSControlTower-a-stack' },
  terraform: { 'managed-by': 'terraform' },
  autoscaling: { 'aws:autoscaling:groupName': 'a-group' },
  eks: { 'eks:cluster-name': 'a-cluster' },
  kubernetes: { 'kubernetes.io/service-name': 'a-service' },
  elasticbeanstalk: { 'elasticbeanstalk:environment-name': 'an-environment' },
  servicecatalog: { 'aws:servicecatalog:provisionedProductArn': 'a-product' },
  emr: { 'aws:elasticmapreduce:job-flow-id': 'j-1' },
  ack: { 'services.k8s.aws/namespace': 'a-namespace' },
  crossplane: { 'crossplane-name': 'a-claim' },
}

/** None, each, and all that can be together. */
function managerBags(kinds: readonly ManagerKind[]): Tags[] {
  return kinds.reduce<Tags[]>(
    (bags, kind) => bags.flatMap((bag) => [bag, { ...bag, ...MANAGER_TAGS[kind] }]),
    [{}],
  )
}
