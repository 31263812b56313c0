import type { ManagerKind } from '../../playbook/managed-by.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { Subject } from '../rules.ts'
import type { Asked } from './asked-of-resource.ts'
import { textReadings } from './text-readings.ts'

/** Something that a look at a resource may give. */
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
 * All that a look may give and policies can tell apart: one reading for each combination, also that something cannot be
 * read.
 * @returns undefined where there are too many
 */
export function readingsOf(
  asked: Asked,
  subject: Subject,
  { tagsOf, nameOf }: Pick<PlaybookHead, 'tagsOf' | 'nameOf'>,
): Reading[] | undefined {
  const dimensions = [
    resourceChoices(asked.resources),
    typeof tagsOf === 'string' ? tagChoices(asked) : [],
    nameOf === undefined ? [] : nameChoices(asked.names),
  ]
  let readings: Reading[] = [{ subject, words: '', unread: false }]
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

function tagChoices({ tags, managers }: Asked): Choice[] | undefined {
  if (tags.size === 0 && managers.size === 0) return []
  let bags: Tags[] = managerBags([...managers])
  for (const [key, values] of tags) {
    const texts = textReadings([...values])
    if (texts === undefined || bags.length * (texts.length + 1) > MOST_READINGS) return undefined
    // What is compared to the letter today may be written with a star; the empty text stands for no tag at all.
    const told = [...new Set([...texts, ...values])].filter((text) => text !== '')
    bags = bags.flatMap((bag) => [bag, ...told.map((value) => ({ ...bag, [key]: value }))])
  }
  const known = bags.map(
    (bag): Choice => ({ words: tagWords(bag), of: (subject) => ({ ...subject, tags: bag }) }),
  )
  return [...known, { words: 'its tags cannot be read', of: (subject) => subject, unread: true }]
}

function tagWords(bag: Tags): string {
  const pairs = Object.entries(bag).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? 'it has no such tags' : `it has tags ${pairs.join(', ')}`
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
