import type { Finding } from '../../src/findings/finding.ts'
import type { Run } from '../../src/run/run.ts'
import { BALANCER } from './scene-per-playbook.ts'
import { newWorld, start, type World } from './simulated-world.ts'

export const UPDATE = 'wafv2:UpdateIPSet'
/** Three attackers, and an entry that was there before us. */
export const [ANN, BOB, EVE] = ['45.155.205.10', '45.155.205.11', '45.155.205.12'] as const
export const OTHERS = '45.9.148.1/32'

/** Both sets, on which attached web ACLs block. */
export class BlockingSets {
  readonly world: World

  constructor(addresses: string[] = [OTHERS], policy?: string) {
    this.world = newWorld(policy)
    const { wafv2 } = this.world.aws
    wafv2.addBlockingAcl('web', wafv2.addSet('rectify-block-v4', addresses), [BALANCER])
    wafv2.addBlockingAcl('web6', wafv2.addSet('rectify-block-v6'), [BALANCER])
  }

  get v4(): string[] {
    return this.world.aws.wafv2.set('rectify-block-v4').Addresses
  }

  get v6(): string[] {
    return this.world.aws.wafv2.set('rectify-block-v6').Addresses
  }

  timeBoxes() {
    return this.world.store.timeBoxes(this.world.aws.wafv2.set('rectify-block-v4').ARN)
  }

  /** Somebody else writes the set. */
  change(addresses: string[]): void {
    this.world.aws.wafv2.change('rectify-block-v4', addresses)
  }

  /** Each in a process of its own. */
  async apply(...findings: Finding[]): Promise<Run[]> {
    return (await start(this.world).engine.handle(findings, 'apply')).runs
  }

  async sweep(): Promise<Run[]> {
    return (await start(this.world).engine.sweep()).runs
  }

  async undo(run: Run): Promise<Run> {
    const { engine } = start(this.world, { answer: () => ({ kind: 'approve' }) })
    return (await engine.undo(run.id, { restFor: 'PT24H' })).runs[0]!
  }
}

/** Entries of others, as many as are wanted. */
export function many(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `5.${n >> 16}.${(n >> 8) & 255}.${n & 255}/32`)
}
