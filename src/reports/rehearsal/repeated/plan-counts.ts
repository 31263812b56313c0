/** Of each resource a row of numbers: two of the digest of its name, its plans, the playbooks that made them. */
const WIDTH = 4
const PLANS = 2
const PLAYBOOKS = 3

/** Rows for which there is room at first. */
const ROOM = 1024

/**
 * How many plans each of any number of resources has, and of which playbooks: in 24 to 48 bytes for each, whatever its name,
 * for which the first 64 bits of its SHA-256 stand.
 */
export class PlanCounts {
  #rows = new Uint32Array(ROOM * WIDTH)
  #count = 0
  /** Where a digest has its row: the number of the row and 1, or 0; twice as many as rows, so that few meet. */
  #slots = new Uint32Array(ROOM * 2)
  /** Playbooks that have made the plans of a resource, in the order in which they came. */
  readonly #groups: string[][] = [[]]
  readonly #joined = new Map<string, number>()

  /**
   * Counts a plan.
   * @returns the row of the resource, which are numbered in the order in which they came, and its plans by now
   */
  add(resource: string, playbook: string): { row: number; plans: number } {
    const row = this.#rowOf(resource)
    const at = row * WIDTH
    this.#rows[at + PLAYBOOKS] = this.#joinedBy(this.#rows[at + PLAYBOOKS]!, playbook)
    this.#rows[at + PLANS]! += 1
    return { row, plans: this.plansOf(row) }
  }

  plansOf(row: number): number {
    return this.#rows[row * WIDTH + PLANS]!
  }

  playbooksOf(row: number): string[] {
    return [...this.#groups[this.#rows[row * WIDTH + PLAYBOOKS]!]!]
  }

  #rowOf(resource: string): number {
    const digest = process.getBuiltinModule('node:crypto').hash('sha256', resource, 'buffer')
    const [high, low] = [digest.readUInt32LE(0), digest.readUInt32LE(4)]
    for (let slot = low; ; slot++) {
      const at = slot % this.#slots.length
      const row = this.#slots[at]! - 1
      if (row === -1) return this.#newRow(high, low, at)
      if (this.#rows[row * WIDTH] === high && this.#rows[row * WIDTH + 1] === low) return row
    }
  }

  #newRow(high: number, low: number, slot: number): number {
    this.#rows.set([high, low, 0, 0], this.#count * WIDTH)
    this.#count += 1
    this.#slots[slot] = this.#count
    if (this.#count * WIDTH === this.#rows.length) this.#makeRoom()
    return this.#count - 1
  }

  #makeRoom(): void {
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let row = 0; row < this.#count; row++) {
      let slot = rows[row * WIDTH + 1]!
      while (this.#slots[slot % this.#slots.length] !== 0) slot++
      this.#slots[slot % this.#slots.length] = row + 1
    }
  }

  /** The number of a group with one more playbook, or of the same, where it is in it. */
  #joinedBy(group: number, playbook: string): number {
    const all = this.#groups[group]!
    if (all.includes(playbook)) return group
    const key = `${group} ${playbook}`
    const known = this.#joined.get(key)
    if (known !== undefined) return known
    this.#joined.set(key, this.#groups.length)
    return this.#groups.push([...all, playbook]) - 1
  }
}
