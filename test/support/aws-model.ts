import { services } from '../../playbooks/index.ts'
import { knownMore } from '../../src/aws/errors.ts'
import { withoutFailures } from '../../src/aws/failures-in-answers.ts'
import type { Aws, CallOptions, Identity, Place } from '../../src/aws/port.ts'
import { type Readers, readers } from '../../src/aws/reader.ts'
import { type Called, Services } from '../../src/aws/services.ts'
import type { Clock } from '../../src/engine/clock.ts'
import { type ApiCall, isRead } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import { ConfigRulesModel } from './aws-model/config.ts'
import { Ec2Things } from './aws-model/ec2.ts'
import { type Fields, failure, type Handlers, withoutEmptyLists } from './aws-model/failure.ts'
import { type Fault, Faults, lost, type RecordedCall, refusal } from './aws-model/faults.ts'
import { refuseMalformed } from './aws-model/malformed.ts'
import { NetworkAcls } from './aws-model/network-acls.ts'
import { SecurityGroups } from './aws-model/security-groups.ts'
import { Ssm } from './aws-model/ssm.ts'
import { Wafv2 } from './aws-model/wafv2.ts'

export type { Fault, RecordedCall } from './aws-model/faults.ts'

/**
 * AWS in memory, behind the same port as the real one and with the same reading code in front of it. It keeps the
 * promises that the engine relies on (ids, all-or-nothing calls, lock tokens, duplicates, quotas), records every call,
 * and goes wrong when it is told to. What it does not know is an error.
 */
export class AwsModel implements Aws {
  readonly services = new Services(services)
  readonly account = '123456789012'
  readonly region = 'eu-west-1'
  readonly place: Place = { account: this.account, region: this.region, partition: 'aws' }
  readonly groups = new SecurityGroups(this.account)
  readonly acls = new NetworkAcls(this.account)
  readonly ec2 = new Ec2Things(this.account)
  readonly wafv2 = new Wafv2(this.account, this.region)
  readonly config = new ConfigRulesModel()
  readonly ssm: Ssm
  /** Inputs are held against AWS's models, empty lists left out; off only where the model's own time would be measured. */
  asStrictAsAws = true
  /** Every call, dry runs included, in the order in which they came. */
  readonly calls: RecordedCall[] = []
  caller: Identity = {
    account: this.account,
    arn: `arn:aws:iam::${this.account}:user/tester`,
    partition: 'aws',
  }
  readonly #clock: Clock
  readonly #faults = new Faults()
  readonly #handlers: Record<string, Handlers>
  /** A new one for each process: what `optional` keeps, it keeps for the process. */
  #readers: Readers

  constructor(clock: Clock) {
    this.#clock = clock
    this.ssm = new Ssm(clock)
    this.#handlers = {
      ec2: { ...this.groups.handlers, ...this.acls.handlers, ...this.ec2.handlers },
      wafv2: this.wafv2.handlers,
      ssm: this.ssm.handlers,
      config: this.config.handlers,
    }
    this.#readers = this.#freshReaders()
  }

  /** Takes in operations that the model does not know, of a service that it knows or not. */
  answering(service: string, handlers: Handlers): void {
    this.#handlers[service] = { ...this.#handlers[service], ...handlers }
  }

  /** The same of several services: what a table says that AWS answers. */
  answeringAll(services: Readonly<Record<string, Handlers>>): void {
    for (const [service, handlers] of Object.entries(services)) this.answering(service, handlers)
  }

  fault(fault: Fault): void {
    this.#faults.add(fault)
  }

  clearFaults(): void {
    this.#faults.clear()
  }

  /** As after a restart of the process: nothing is remembered but what AWS holds. */
  restart(): void {
    this.#readers = this.#freshReaders()
  }

  /** The calls that were not reads and not dry runs. */
  changes(): RecordedCall[] {
    return this.calls.filter(({ operation, dryRun }) => !dryRun && !isRead(operation))
  }

  async identity(): Promise<Identity> {
    return this.caller
  }

  async reaches(account: string): Promise<boolean> {
    return account === this.caller.account
  }

  async changesAs(_account: string): Promise<string> {
    return this.caller.arn
  }

  reader(place: Place, reads: string[], warn: (warning: string) => void) {
    return this.#readers(place, reads, warn)
  }

  async send(place: Place, call: ApiCall, options: CallOptions = {}): Promise<Fields> {
    const recorded = this.#record(place, call, options)
    const faults = this.#faults.meeting(recorded)
    try {
      return await this.#answer(recorded, faults, options)
    } catch (error) {
      if (error instanceof AwsError) recorded.error = error.code
      throw error
    }
  }

  async #answer(call: RecordedCall, faults: Fault[], options: CallOptions): Promise<Fields> {
    const { signal, startBy, attempts } = options
    // An answer never comes in the same tick, so that runs side by side take turns.
    await new Promise((resolve) => setImmediate(resolve))
    for (const { before, delayMs } of faults) {
      if (delayMs) await this.#clock.sleep(delayMs, signal)
      await before?.(call)
    }
    if (signal?.aborted || startBy?.aborted)
      throw new AwsError({ kind: 'retryable', code: 'AbortError', action: call.action }, 'aborted')
    const kinds = faults.map(({ kind }) => kind)
    const refused = kinds.map((kind) => refusal(kind, call)).find((error) => error !== undefined)
    if (refused) throw refused

    if (call.dryRun && this.asStrictAsAws) refuseMalformed(call)
    let answer = kinds.includes('lie') || call.dryRun ? {} : this.#perform(call)
    for (const fault of faults) {
      await fault.after?.(call)
      if (fault.answer) answer = fault.answer(answer, call)
    }
    if (kinds.includes('loseAnswer')) throw lost(call)
    if (kinds.includes('loseAnswerThenRetry')) {
      if (attempts === 1) throw lost(call)
      answer = this.#again(call)
    }
    return answer
  }

  #perform(call: RecordedCall): Fields {
    if (this.asStrictAsAws) refuseMalformed(call)
    const handler = this.#handlers[call.service]?.[call.operation]
    if (!handler)
      throw failure(call.action, 'NotImplemented', `the model of AWS does not know ${call.action}`)
    const answer = withoutFailures(
      this.services,
      call as Called,
      handler(structuredClone(call.input), call.region),
    )
    return this.asStrictAsAws ? (withoutEmptyLists(answer) as Fields) : answer
  }

  /** The SDK's own second attempt: its error says nothing about the first, so the call stays in doubt. */
  #again(call: RecordedCall): Fields {
    try {
      return this.#perform(call)
    } catch (error) {
      throw error instanceof AwsError ? knownMore(error, { inDoubt: true }) : error
    }
  }

  #record(
    { account, region }: Place,
    call: ApiCall,
    { dryRun = false, attempts }: CallOptions,
  ): RecordedCall {
    const { service, operation } = call
    const action = this.services.iamAction(call)
    const input = structuredClone(call.input)
    const [at, principal] = [this.#clock.now(), this.caller.arn]
    if (dryRun && !this.services.dryRunnable(call))
      throw failure(action, 'NotDryRunnable', `${action} knows no dry run`)
    const recorded = { service, operation, action, input, dryRun, account, region, principal, attempts, at }
    this.calls.push(recorded)
    return recorded
  }

  #freshReaders(): Readers {
    return readers((place, call, options) => this.send(place, call, options), this.services)
  }
}
