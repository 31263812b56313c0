import type { Aws } from '../../aws/port.ts'
import type { EnginePorts } from '../../engine/ports.ts'
import type { Copies } from '../../playbook/service/copies.ts'
import type { KnownPlaybook } from '../../playbook/service/known-playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Run } from '../../run/run.ts'
import type { RecordedReads } from '../../sandbox/twin/recorded-reads.ts'
import { loadCollection } from '../program/catalogue.ts'
import type { Invocation } from '../program/invocation.ts'

/** Twins of the runs of one rehearsal. */
export interface Twinning {
  /** Listens to what runs read; that is kept until the twin of the run is made. */
  overhear: NonNullable<EnginePorts['overhear']>
  /** The run with what became of its twin; undefined: `until` stopped it on the way. */
  twinned(run: Run, aws: Aws, until: AbortSignal): Promise<Run | undefined>
  /** Ends the emulators. */
  stop(): Promise<void>
}

/**
 * Starts the emulators, which it installs on first use, and says so.
 * @throws BadRequest('usage') where they cannot be had
 */
export async function openTwins(
  invocation: Invocation,
  { playbooks, policy }: { playbooks: readonly KnownPlaybook[]; policy: LoadedPolicy },
): Promise<Twinning> {
  const { output } = invocation
  const collection = await loadCollection(invocation)
  const { startSandbox } = await import('../../sandbox/start.ts')
  output.status('starting the emulators for the twins …')
  const sandbox = await startSandbox({ seed: false, log: (line) => output.note(line) })
  output.status('')
  const [{ twinsIn }, { recordingReader }, copies] = await Promise.all([
    import('../../sandbox/twin/twins.ts'),
    import('../../sandbox/twin/recorded-reads.ts'),
    import('../../../playbooks/copies.ts'),
  ])
  const { services, copies: own = [] } = collection
  const all: Copies[] = [...Object.values(copies), ...own]
  const twinOf = twinsIn({ sandbox, services, playbooks, policy, copies: all })
  const reads = new Map<string, RecordedReads>()
  return {
    overhear({ id }, reader) {
      const known: RecordedReads = reads.get(id) ?? new Map()
      reads.set(id, known)
      return recordingReader(reader, known)
    },
    async twinned(run, aws, until) {
      const own = reads.get(run.id)
      reads.delete(run.id)
      try {
        const twin = await twinOf(run, own ?? new Map(), await aws.identity(), until)
        return twin ? { ...run, twin } : run
      } catch (error) {
        if (error === until.reason) return undefined
        throw error
      } finally {
        // Nobody reads them, and a rehearsal may be of any length.
        sandbox.requests.length = 0
      }
    },
    stop: () => sandbox.stop(),
  }
}
