import { isRead } from '../../../src/playbook/api.ts'
import { type Plan, planHash } from '../../../src/playbook/plan.ts'
import type { Decision, Run } from '../../../src/run/run.ts'
import type { RunStore } from '../../../src/run/store.ts'
import type { World } from '../../engine/simulated-world.ts'
import { type ModelPolicy, personBy, policyBy, type Way } from './people-and-policies.ts'

interface Entry {
  run: string
  round: number
  hash: string
  person: string
  way: Way
  verdict: Decision['verdict']
  elapsedMs: number
}

/** What has changed of a run. */
type Heard = () => Promise<void>

/**
 * Writes down, beside the engine and by its own rules, who decided about what, and holds each decision, each claim and
 * each change that is sent to AWS against it.
 */
export class Ledger {
  readonly violations: string[] = []
  readonly entries: Entry[] = []
  /** Changes that were sent to AWS. */
  changes = 0
  /** What may be changed: `RUN HASH`. */
  readonly #claims = new Set<string>()
  /** The policy of now. */
  policy: ModelPolicy
  readonly #world: World

  constructor(world: World, policy: ModelPolicy) {
    this.#world = world
    this.policy = policy
  }

  /** The store, each write of which is looked at. */
  watched(store: RunStore, heard: Heard): RunStore {
    return {
      ...store,
      commit: async (commit) => {
        const before = await store.get(commit.run.id)
        const result = await store.commit(commit)
        if (result.kind === 'committed') this.#committed(before, commit.run)
        await heard()
        return result
      },
      decide: async (id, decision, now, expect) => {
        const before = await store.get(id)
        const result = await store.decide(id, decision, now, expect)
        if (result.kind === 'recorded') this.#decided(before, decision, now)
        await heard()
        return result
      },
      giveReason: async (...given) => {
        const result = await store.giveReason(...given)
        await heard()
        return result
      },
    }
  }

  /** Stands before each call to AWS. */
  async sent(operation: string, input: object, dryRun: boolean): Promise<void> {
    if (dryRun || isRead(operation)) return
    this.changes += 1
    const ids = new Set(JSON.stringify(input).match(/sgr-[0-9a-z]+|\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [])
    const [group = ''] = JSON.stringify(input).match(/sg-0[a-z]+/) ?? []
    const runs = await this.#world.store.list({ state: ['open'] })
    const isOurs = runs.some(
      (run) =>
        run.resource.endsWith(`/${group}`) &&
        this.#claims.has(`${run.id} ${run.plan?.hash}`) &&
        [...ids].every((id) => JSON.stringify(run.plan?.steps).includes(id)),
    )
    if (ids.size === 0 || !isOurs) this.#broken(`${operation} ${JSON.stringify(input)}: by no approved plan`)
  }

  #decided(before: Run | undefined, { verdict, by, hash }: Decision, now: number): undefined {
    const what = `${verdict} by ${by} of ${before?.id} round ${before?.round}`
    const who = personBy(by)
    const policy = policyBy(before?.approval?.expiresAfter)
    if (!before || !who || !policy) return this.#broken(`${what}: by nobody known`)
    const elapsedMs = now - Date.parse(before.asked?.at ?? '')
    const { id: run, round } = before
    if (before.waitingFor !== 'approval') this.#broken(`${what}: it did not wait`)
    if (hash !== before.plan?.hash) this.#broken(`${what}: about another plan`)
    if (now >= Date.parse(before.waitingUntil ?? '')) this.#broken(`${what}: too late`)
    if (!policy.may(who.person, who.way, elapsedMs)) this.#broken(`${what}: may not decide`)
    const others = this.#of(run, round, hash)
    if (others.some((other) => other.verdict !== 'approve')) this.#broken(`${what}: it was declined`)
    const approvers = new Set(others.map(({ person }) => person))
    if (approvers.size >= policy.quorum) this.#broken(`${what}: the quorum was full`)
    if (verdict === 'approve' && approvers.has(who.person)) this.#broken(`${what}: counted twice`)
    this.entries.push({ run, round, hash, ...who, verdict, elapsedMs })
  }

  #committed(before: Run | undefined, run: Run): void {
    for (const { run: id, person, verdict } of this.entries)
      if (
        id === run.id &&
        !run.decisions.some((made) => made.verdict === verdict && personBy(made.by)?.person === person)
      )
        this.#broken(`${id}: the word of ${person} was lost`)
    if (run.changedAt !== undefined && before?.changedAt === undefined) this.#claimed(run)
  }

  /**
   * From here on it may be changed: what was approved is the plan, and by those who may now. An undo is under the terms of
   * the run that it takes back.
   */
  #claimed({ id, round, plan, undoOf, approval }: Run): undefined {
    const policy = undoOf === undefined ? this.policy : policyBy(approval?.expiresAfter)
    if (!policy) return this.#broken(`${id}: under no known terms`)
    const { hash } = plan as Plan
    if (planHash(plan as Plan) !== hash) this.#broken(`${id}: another plan than its hash says`)
    const made = this.#of(id, round, hash)
    if (made.some(({ verdict }) => verdict !== 'approve')) this.#broken(`${id}: claimed though declined`)
    const approvers = made.filter(({ person, way, elapsedMs }) => policy.may(person, way, elapsedMs))
    const count = new Set(approvers.map(({ person }) => person)).size
    if (count < policy.quorum)
      this.#broken(`${id}: claimed with ${count} of ${policy.quorum} in round ${round}`)
    this.#claims.add(`${id} ${hash}`)
  }

  #of(run: string, round: number, hash: string): Entry[] {
    return this.entries.filter((made) => made.run === run && made.round === round && made.hash === hash)
  }

  #broken(what: string): undefined {
    this.violations.push(what)
  }
}
