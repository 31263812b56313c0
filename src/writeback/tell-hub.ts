import type { Aws, Place } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import { NOTED_BY } from '../findings/sources/securityhub/own-note.ts'
import type { Input, Output } from '../playbook/api.ts'
import { canonicalJson } from '../playbook/json.ts'
import { ask, byPlace, type Heard, nothing, refused, say, type Telling, told } from './hearing.ts'
import type { Word } from './run-words.ts'
import { tellSecondForm } from './tell-hub-ocsf.ts'
import { type Live, type Stage, type Update, updateOf } from './workflow.ts'

/** Values of one filter of GetFindings (API reference, AwsSecurityFindingFilters). */
const MOST_OF_A_FILTER = 20

type Kept = NonNullable<Output<'securityhub', 'GetFindings'>['Findings']>[number]
type Identifier = NonNullable<Input<'securityhub', 'BatchUpdateFindings'>['FindingIdentifiers']>[number]

/** Security Hub: workflow and note, by what stands there; findings of the second version by their own calls. */
export const tellSecurityHub: Telling = async (aws, word) => {
  const { placed, unreached } = await byPlace(aws, word.findings)
  const heard = [...unreached]
  for (const { place, findings } of placed) {
    const ocsf = findings.filter(({ origin }) => origin?.form === 'ocsf')
    heard.push(...(await tellSecondForm(aws, place, word, ocsf)))
    const asff = findings.filter(({ origin }) => origin?.form === 'asff')
    for (let at = 0; at < asff.length; at += MOST_OF_A_FILTER)
      heard.push(...(await tellFirstForm(aws, place, word, asff.slice(at, at + MOST_OF_A_FILTER))))
  }
  return heard
}

async function tellFirstForm(aws: Aws, place: Place, word: Word, findings: Finding[]): Promise<Heard[]> {
  const kept = await keptThere(aws, place, findings)
  const heard: Heard[] = []
  const updates = new Map<string, { update: Update; identifiers: Identifier[] }>()
  for (const { origin } of findings) {
    const identifier = { Id: origin?.id, ProductArn: origin?.product }
    const live = kept.find(
      ({ Id, ProductArn }) => Id === identifier.Id && ProductArn === identifier.ProductArn,
    )
    const update = live && updateOf(word, liveOf(live))
    if (update === undefined)
      heard.push(refused(`Security Hub has no finding ${origin?.id} in ${place.region}`, false))
    else if ('left' in update) heard.push(nothing(update.left))
    else {
      const alike = updates.get(canonicalJson({ ...update })) ?? { update, identifiers: [] }
      alike.identifiers.push(identifier)
      updates.set(canonicalJson({ ...update }), alike)
    }
  }
  for (const { update, identifiers } of updates.values())
    heard.push(...(await written(aws, place, word, update, identifiers)))
  return heard
}

async function keptThere(aws: Aws, place: Place, findings: readonly Finding[]): Promise<Kept[]> {
  const Id = findings.map(({ origin }) => ({ Value: origin?.id, Comparison: 'EQUALS' as const }))
  const kept: Kept[] = []
  let NextToken: string | undefined
  do {
    const input = { Filters: { Id }, MaxResults: 100, ...(NextToken !== undefined && { NextToken }) }
    const answer: Output<'securityhub', 'GetFindings'> = await ask(
      aws,
      place,
      'securityhub',
      'GetFindings',
      input,
    )
    kept.push(...(answer.Findings ?? []))
    NextToken = answer.NextToken
  } while (NextToken !== undefined)
  return kept
}

function liveOf({ Workflow, RecordState, Compliance, UpdatedAt = '', Note }: Kept): Live {
  return {
    // Findings that scanners import have none before somebody has looked at them.
    stage: (Workflow?.Status ?? 'NEW') as Stage,
    archived: RecordState === 'ARCHIVED',
    passed: Compliance?.Status === 'PASSED',
    updatedAt: new Date(UpdatedAt).toISOString(),
    ...(Note?.Text !== undefined && {
      note: { text: Note.Text, ...(Note.UpdatedBy !== undefined && { by: Note.UpdatedBy }) },
    }),
  }
}

/** A single answer may take some findings and refuse others. */
async function written(
  aws: Aws,
  place: Place,
  word: Word,
  { stage, note }: Update,
  FindingIdentifiers: Identifier[],
): Promise<Heard[]> {
  const input: Input<'securityhub', 'BatchUpdateFindings'> = {
    FindingIdentifiers,
    ...(stage !== undefined && { Workflow: { Status: stage } }),
    ...(note !== undefined && { Note: { Text: note, UpdatedBy: NOTED_BY } }),
  }
  const answer = await say({ aws, place, word }, 'securityhub', 'BatchUpdateFindings', input)
  const left = answer.UnprocessedFindings ?? []
  return FindingIdentifiers.map(({ Id }) => {
    const wrong = left.find(({ FindingIdentifier }) => FindingIdentifier?.Id === Id)
    if (wrong === undefined) return told(stage ?? 'note')
    const { ErrorCode = 'not updated', ErrorMessage = '' } = wrong
    return refused(`BatchUpdateFindings: ${ErrorCode}: ${ErrorMessage}`, ErrorCode !== 'FindingNotFound')
  })
}
