import type { Finding } from '../findings/finding.ts'
import type { Json } from '../playbook/json.ts'
import type { AuditEntry, Decision, Run } from './run.ts'
import type { ToldEnd } from './told-detector.ts'

/** The lock on a resource ARN, across playbooks. Each release raises the epoch. */
export interface Lock {
  epoch: number
  /** Absent: free. */
  lockedBy?: {
    run: string
    /** Who drives the run: process or invocation, see `Owners`. */
    owner: string
    /** ms since 1970, UTC: end of the lease. */
    until: number
  }
}

/** A time-boxed entry of a set that we put there, and one of those that want it there. */
export interface TimeBox {
  /** ARN of the set. */
  resource: string
  entry: string
  /**
   * Who counts as one holder: the key of the runs that want it there, so that all updates of one finding are one.
   * `FURTHER` stands for those that came when the entry had as many holders as are told apart. A hold that was stored
   * before there were keys has its run for one.
   */
  key: string
  /** The newest run of that key. */
  run: string
  /** ms since 1970, UTC. */
  until: number
  /** The run whose plan put the entry there, and says how it is taken out. */
  madeBy: string
  /** ms since 1970, UTC: taking the entry out was refused, and is not tried before. The hold has ended all the same. */
  notBefore?: number
}

export type TimeBoxChange =
  /**
   * `onlyIfOurs`: for an entry that some run holds already, and with that hold's `madeBy`; does nothing for an entry
   * that no run holds (it is somebody else's and never expires).
   * `now`, ms since 1970, UTC: the entry's other holds that have ended by then go, so that an entry that is held again
   * and again has no more holds than it has holders. Of these `MOST_HOLDERS` are told apart.
   */
  | { op: 'put'; timeBox: TimeBox; onlyIfOurs?: boolean; now?: number }
  /**
   * Takes this key off the holders. `endsAt`, ms since 1970, UTC: the entry is in its set; a last holder stays and ends
   * then, for without one nothing would ever take it out.
   */
  | { op: 'drop'; key: string; resource: string; entry: string; endsAt?: number }

/** One transaction: all of it or nothing. */
export interface Commit {
  /**
   * `<run>-<revision>`. A commit that is already stored under this id is a success and changes nothing; another one
   * under the same id is a conflict on the revision (somebody else drives this run).
   */
  id: string
  /** The run as it shall be; its `revision` is `expect.revision + 1`. */
  run: Run
  expect: {
    /** Stored revision of the run; 0 = it must not exist. */
    revision: number
    /** Newest run of (playbook, key) that was read, null for none; the pointer moves to this run. Absent: it stays. */
    newest?: string | null
    /** Number of attached findings that were read. */
    attached?: number
  }
  /**
   * `take` needs the epoch as it was read, and a lock that is free or this run's own; a run taken up again under
   * another owner raises the epoch. `renew` and `release` need the lock to be this run's.
   */
  lock?:
    | { op: 'take'; resource: string; epoch: number; owner: string; until: number }
    | { op: 'renew'; resource: string; owner: string; until: number }
    | { op: 'release'; resource: string }
  audit: AuditEntry[]
  /**
   * When somebody has to see to the run unless it has moved on by then: ms since 1970, UTC. Absent: nobody has to (it
   * is closed).
   */
  due?: number
  /** Keys under which the run is found from now on, and no longer: see `RunStore.foundBy`. */
  foundBy?: { add: string[]; drop: string[] }
  timeBoxes?: TimeBoxChange[]
  /** The run that this one undid. */
  undone?: { run: string; by: string }
  /** Ids of what its steps have started elsewhere (commands): by them the run is found when one ends. */
  started?: string[]
  /** Further keys of its playbook of which this run becomes the newest, whatever was: it takes back what they hold. */
  alsoNewestOf?: string[]
}

export type CommitResult =
  | { kind: 'committed' }
  | { kind: 'conflict'; on: 'revision' | 'newest' | 'attached' | 'lock' }

export type DecisionResult =
  | { kind: 'recorded'; decisions: Decision[] }
  /** Not waiting for an approval, or its time is past, or it waits for another plan. */
  | { kind: 'notWaiting' }
  | { kind: 'late' }
  | { kind: 'otherHash'; hash: string }
  /** It could be recorded, but the run is stored anew since the revision that was expected. */
  | { kind: 'changed' }
  /** A decision stands: a decline, a full quorum (its last approval), or the own approval of this person. */
  | { kind: 'decided'; decision: Decision }

/** Which runs to list; what is left out is no condition. */
export interface RunFilter {
  state?: Run['state'][]
  /** Started then or later: ms since 1970, UTC. */
  since?: number
  /** Those that come behind this one in the list: by it a long list is asked for page by page. */
  behind?: Pick<Run, 'id' | 'startedAt'>
  /** Which of them; asked newest first, until `limit` are found. */
  where?: (run: Run) => boolean
  /** At most so many. */
  limit?: number
}

export interface DuePage {
  runs: Run[]
  next?: string
}

/** The kill switch of everything that uses the store. */
export interface Control {
  /** No change starts while it is true. */
  paused: boolean
  /** Who set it. */
  by?: string
  /** ISO 8601 UTC. */
  at?: string
  reason?: string
}

/** 'all', `playbook:ID` or `account:ID`: what a pause is about. */
export type PauseScope = string

/** One of so many that may be there at once in a scope: a change within an hour, a run under way, a failure. */
export interface Token {
  key: string
  /** ms since 1970, UTC: it counts until then. */
  until: number
}

export type TokenResult =
  | { taken: true }
  /**
   * `freeAt`, ms since 1970, UTC: when fewer than the limit count, as things stand. That is when the first of them
   * ends, and a later one where the limit was higher before.
   */
  | { taken: false; freeAt: number }

/** "Leave this resource alone", said at run time. */
export interface StoredExemption {
  /** ULID. */
  id: string
  /** ARN, or id, of the resource as `spellingsOf` spells it; no pattern. */
  resource: string
  /** Absent: all of them. */
  playbook?: string
  owner: string
  reason: string
  /** ISO 8601 UTC: it has run out from then on. */
  until: string
  by: string
  /** ISO 8601 UTC. */
  at: string
  origin: 'command' | 'slack' | 'attempts'
  ended?: { by: string; at: string; reason?: string }
}

/**
 * Where runs live. Reads are strongly consistent, writes conditional. A lease
 * is void when its owner is dead (`Owners` tells) or its time is past: its run may then be taken up by another owner.
 */
export interface RunStore {
  get(run: string): Promise<Run | undefined>
  /** Id of the newest run of a playbook and key. */
  newest(playbook: string, key: string): Promise<string | undefined>
  lock(resource: string): Promise<Lock>
  /**
   * Conditions are checked in the order of `CommitResult`. A run whose `decisions` lack one that is stored is a
   * conflict on the revision too: it was decided about since it was read. Throws `RunTooLarge` when the run is over
   * 300 kB and does not hold its lock yet.
   */
  commit(commit: Commit): Promise<CommitResult>
  /**
   * Attaches findings to a run that is not closed. Findings with the same id and version are attached once.
   * The number of attached findings is what `Commit.expect.attached` compares.
   */
  attach(run: string, findings: Finding[]): Promise<'attached' | 'closed'>
  attached(run: string): Promise<Finding[]>
  /**
   * Conditional on: run waits for approval, hash current, time not past. The first decline or full quorum stands, in
   * its round. The answer has all decisions of the run, as `Run.decisions`; the revision stays. A run that is decided
   * is due.
   * @param expect revision under which it was found that the decision may be made
   */
  decide(run: string, decision: Decision, now: number, expect?: { revision: number }): Promise<DecisionResult>
  /**
   * Adds a reason to the last decline or exemption of a run by this identity, if that has none. `kept`: there is no
   * such decision, or it has a reason. Nothing else of the run changes, whatever has become of it since.
   */
  giveReason(run: string, by: string, reason: string): Promise<'given' | 'kept'>
  /** Newest first. */
  list(filter?: RunFilter): Promise<Run[]>
  /**
   * Runs that are due at `now` (ms since 1970, UTC), the longest due first; `next` is where to go on where there are
   * more. What has just become due may be missing for a moment.
   */
  due(now: number, page?: { limit?: number; from?: string }): Promise<DuePage>
  /**
   * Ids of the runs that are found by a key, the one that started first first. Strongly read. By a finding (`mayBeLeft`)
   * also runs that have ended may be found.
   */
  foundBy(key: string, page?: { limit?: number }): Promise<string[]>
  audit(run: string): Promise<AuditEntry[]>
  /** What detectors have been told of a run's end, by `toldName`. */
  told(run: string): Promise<ToldEnd[]>
  /** The last of a name stands. Nothing of the run itself changes. */
  putTold(run: string, told: ToldEnd): Promise<void>
  /** Id of the run whose step started this (see `Commit.started`). */
  runThatStarted(id: string): Promise<string | undefined>
  /** Holders of these entries of a set; of all its entries when `entries` is left out. */
  timeBoxes(resource: string, entries?: string[]): Promise<TimeBox[]>
  /** Holders of an entry, in whatever sets. A set in which it has only just become held may be missing. */
  timeBoxesOn(entry: string): Promise<TimeBox[]>
  /** Holds whose time is over, without those that are put off (`notBefore`). */
  timeBoxesDue(now: number): Promise<TimeBox[]>
  /** Never set: not paused. Unreadable: throws, and whoever is about to change something takes that for paused. */
  control(): Promise<Control>
  /** The last word stands. */
  setControl(control: Control): Promise<void>
  /** Of each of these scopes, as `control` is of 'all'. Strongly read; unreadable: throws. */
  controls(scopes: readonly PauseScope[]): Promise<Map<PauseScope, Control>>
  setControlOf(scope: PauseScope, control: Control): Promise<void>
  /** Those that are paused, by scope. Strongly read. */
  allControls(): Promise<{ scope: PauseScope; control: Control }[]>
  /**
   * Takes a token of a scope that holds at most `limit`, 1 or more, that have not ended at `now` (ms since 1970, UTC).
   * One that is there already under this key is a success, and lives until the later of the two ends. Exact under
   * concurrency: never one more than `limit`, and refused only when so many were there at one moment.
   */
  takeToken(scope: string, token: Token, limit: number, now: number): Promise<TokenResult>
  /** Does nothing when it is not there. */
  dropToken(scope: string, key: string): Promise<void>
  /** Those that count at `now`, in no order. Strongly read. */
  tokens(scope: string, now: number): Promise<Token[]>
  /** Ends all tokens of a scope that are there when it is called (a breaker that closes). */
  clearTokens(scope: string): Promise<void>
  /**
   * One that is stored under this id stays as it is; another one under the same id is the caller's mistake. Of origin
   * `attempts` that is one of another resource or playbook, whenever it is given.
   */
  putExemption(exemption: StoredExemption): Promise<void>
  /** Those about a resource, by any of its spellings, that have neither ended nor run out at `now`, by id. Strongly read. */
  exemptionsOf(spellings: readonly string[], now: number): Promise<StoredExemption[]>
  /**
   * All, by id; those that have ended or run out for as long as they are kept. One that was only just put may be
   * missing.
   */
  exemptions(): Promise<StoredExemption[]>
  /** The first end stands. */
  endExemption(
    id: string,
    ended: NonNullable<StoredExemption['ended']>,
  ): Promise<'ended' | 'unknown' | 'alreadyEnded'>
  /** How far one is in something long that is read piece by piece, as it was stored under this name. Strongly read. */
  bookmark(name: string): Promise<Json | undefined>
  /** The last word stands. */
  setBookmark(name: string, place: Json): Promise<void>
  close(): Promise<void>
}

/** Who drives runs of this store, and whether a driver still lives. */
export interface Owners {
  /** This process or invocation. */
  readonly self: string
  /** Whether that owner may still be at work. False: its leases are void. */
  alive(owner: string): Promise<boolean>
  release(): Promise<void>
}
