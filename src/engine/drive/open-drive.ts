import { messageOf } from '../../playbook/message-of.ts'
import { loaded } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import { foundBy } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import { ownPart } from '../change/own-part.ts'
import type { EnginePorts } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { countedReads } from '../rehearsing/counted-reads.ts'
import type { Drive } from './drive.ts'

/** What is known of a drive before it begins. */
export type Opening = Partial<
  Pick<Drive, 'newest' | 'permit' | 'waited' | 'expiring' | 'ending' | 'silenced'>
>

/**
 * What drives a run in this process. A stored run, and the undo of one, goes by the policy file that decided it; where
 * that cannot be read the run ends `blocked`, before any look.
 * Errors: `BadRequest` for a playbook that is unknown here, and where the run that this one undoes is not in the store.
 */
export async function openDrive(ports: EnginePorts, run: Run, opening: Opening = {}): Promise<Drive> {
  const known = ports.playbooks.find(({ id }) => id === run.playbook)
  if (!known)
    throw new BadRequest('usage', `run ${run.id} is of playbook "${run.playbook}", which is unknown here`)
  const playbook = await loaded(known)
  const { account, region, partition } = run
  const place = { account, region, partition }
  const warnings: string[] = []
  const original = await originalOf(ports, run)
  const { aws } = ports
  const reading = aws.reader(place, playbook.reads, (message) => warnings.push(message))
  const { reader, asked } = countedReads(reading, aws.services)
  return {
    run,
    ports,
    playbook,
    place,
    reader: ports.overhear?.(run, reader) ?? reader,
    asked,
    policy: ports.policy,
    attached: 0,
    foundAs: run.revision === 0 ? [] : foundBy(run),
    waited: false,
    driverDied: false,
    warnings,
    ...(original && { original: ownPart(playbook, original) }),
    ...opening,
  }
}

async function originalOf({ store }: EnginePorts, { id, undoOf }: Run): Promise<Run | undefined> {
  if (undoOf === undefined) return undefined
  const original = await store.get(undoOf)
  if (original) return original
  throw new BadRequest('usage', `run ${undoOf}, which ${id} undoes, is not in this store`)
}

/** The same under the policy file that decided the run, which is loaded again. */
export async function underItsPolicy(drive: Drive): Promise<Drive> {
  const { run, ports } = drive
  if (run.policyFile === undefined) return drive
  try {
    return { ...drive, policy: await ports.policyAt(run.policyFile) }
  } catch (error) {
    const policy: LoadedPolicy = { kind: 'none' }
    const reason = `cannot evaluate policy: ${messageOf(error)}`
    return { ...drive, policy, ending: { outcome: 'blocked', reason } }
  }
}
