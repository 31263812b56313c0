/** What a decision of the policy goes by, where that is one thing that can be pointed at. Plain JSON. */
export type DecidedBy =
  | {
      kind: 'rule' /** Its place among the rules, from 1. */
      number: number /** Of the file, 1-based. */
      line: number
    }
  /** Of the file: told by what it says, because lines move. */
  | { kind: 'exemption'; origin: 'file'; resource: string /** ISO 8601 UTC. */; until: string }
  | { kind: 'exemption'; origin: 'store'; id: string }
  /** Of the resource; of one that exempts it with its end (ISO 8601 UTC) and the owner whom another tag names. */
  | { kind: 'tag'; tag: string; until?: string; owner?: string }
  | { kind: 'never'; pattern: string }
