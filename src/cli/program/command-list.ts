import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'

/** A command as the list of all of them shows it. What else there is to it is loaded when it is called. */
export interface ListedCommand {
  name: string
  description: string
  argument?: [name: string, description: string]
  /** Asks nobody and ends at once: compiling what is hot in it would take longer than it. */
  isBrief?: true
  /** Gives what declares its options, examples and action. */
  load(): Promise<(command: Command, invocation: Invocation) => void>
}

const EVENTS: ListedCommand['argument'] = ['[event...]', 'files or folders of events, or - for stdin']

/** The commands in the order in which one meets them. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'demo',
    description: 'watch it work, on AWS on this machine: find, plan, dry-run, change, prove, take back',
    load: async () => (await import('../commands/demo.ts')).demo,
  },
  {
    name: 'init',
    description: 'write a commented starter policy: everything is on rehearse, or as --mode says',
    isBrief: true,
    load: async () => (await import('../commands/setup/init.ts')).init,
  },
  {
    name: 'triage',
    description: 'show the findings, the playbooks that answer, the mode and why; does not touch AWS',
    argument: EVENTS,
    isBrief: true,
    load: async () => (await import('../commands/findings/triage.ts')).triage,
  },
  {
    name: 'plan',
    description: 'show the plan for each finding; reads AWS, changes nothing',
    argument: EVENTS,
    load: async () => (await import('../commands/findings/plan-only.ts')).plan,
  },
  {
    name: 'rehearse',
    description: 'plan and dry-run every call, with a report of what would happen; changes nothing',
    argument: EVENTS,
    load: async () => (await import('../commands/findings/rehearse.ts')).rehearse,
  },
  {
    name: 'apply',
    description: 'put it right: plan, ask where the policy says so, change, prove',
    argument: EVENTS,
    load: async () => (await import('../commands/findings/apply.ts')).apply,
  },
  {
    name: 'runs',
    description: 'the runs of the local store or of a deployment, or one with everything known about it',
    argument: ['[id]', 'the run'],
    load: async () => (await import('../commands/runs/runs.ts')).runs,
  },
  {
    name: 'report',
    description:
      'what was done: how many, how fast, what came back, what is open, what it cost; as text, HTML, Markdown, CSV',
    load: async () => (await import('../commands/runs/runs-report.ts')).report,
  },
  {
    name: 'approve',
    description: 'say yes to the plan of a waiting run, and carry it out',
    argument: ['<id>', 'the run'],
    load: async () => (await import('../commands/runs/approve.ts')).approve,
  },
  {
    name: 'decline',
    description: 'say no to the plan of a waiting run',
    argument: ['<id>', 'the run'],
    load: async () => (await import('../commands/runs/decline.ts')).decline,
  },
  {
    name: 'undo',
    description: 'take back what runs changed, the newest first',
    argument: ['<id...>', 'the runs'],
    load: async () => (await import('../commands/runs/undo.ts')).undo,
  },
  {
    name: 'unblock',
    description: 'take a blocked address out of all sets, whichever findings want it there',
    argument: ['<address>', 'the address, or the entry as it stands in the set'],
    load: async () => (await import('../commands/runs/unblock.ts')).unblock,
  },
  {
    name: 'sweep',
    description:
      'resume interrupted runs, wake overdue waits, expire time-boxed blocks; ask for what events missed',
    load: async () => (await import('../commands/runs/sweep.ts')).sweep,
  },
  {
    name: 'pause',
    description: 'the kill switch: no further change starts, runs in hand stop before their next step',
    load: async () => (await import('../commands/pause.ts')).pause,
  },
  {
    name: 'resume',
    description: 'let changes start again after a pause, and what it has stopped',
    load: async () => (await import('../commands/resume.ts')).resume,
  },
  {
    name: 'exempt',
    description: 'leave one resource alone until a day, or end that again; counts at once',
    argument: ['[resource]', 'its id or ARN'],
    load: async () => (await import('../commands/exemptions/exempt.ts')).exempt,
  },
  {
    name: 'exemptions',
    description: 'what is left alone: by whose word, until when, and what that has held back',
    load: async () => (await import('../commands/exemptions/exemptions.ts')).exemptions,
  },
  {
    name: 'send',
    description:
      'hand events to a deployment (--stack NAME), after asking its rules whether they would come in',
    argument: ['<event...>', 'files or folders of events, or - for stdin'],
    load: async () => (await import('../commands/findings/send.ts')).send,
  },
  {
    name: 'playbooks',
    description: 'the catalogue, or one playbook: what it answers, reads, changes and can be told',
    argument: ['[id]', 'the playbook'],
    isBrief: true,
    load: async () => (await import('../commands/setup/playbooks.ts')).playbooks,
  },
  {
    name: 'policy',
    description:
      'check the policy file, explain its decisions, test it on cases, compare it with another, advise what to let go, or print its JSON Schema',
    isBrief: true,
    load: async () => (await import('../commands/setup/policy.ts')).policy,
  },
  {
    name: 'iam',
    description: 'print the least-privilege IAM policy for these playbooks, or for a person (default: all)',
    argument: ['[name...]', 'ids of playbooks; with --operator commands that take --stack'],
    isBrief: true,
    load: async () => (await import('../commands/setup/iam.ts')).iam,
  },
  {
    name: 'sandbox',
    description: 'start AWS on this machine, seed it, keep it up until it is interrupted',
    load: async () => (await import('../commands/sandbox.ts')).sandbox,
  },
]
