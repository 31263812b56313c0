import { type Command, Option } from 'commander'
import { BadRequest } from '../../engine/refusals.ts'
import type { Shared } from './invocation.ts'

/** Commands that drive runs by an engine: in this process, or beside a deployment. */
const DRIVING = [
  ...['plan', 'rehearse', 'apply'],
  ...['approve', 'decline', 'undo', 'unblock', 'sweep', 'resume'],
]
/** Those of them whose engine may need somebody's word. */
const ASKING = ['apply', 'approve', 'undo', 'unblock', 'sweep', 'resume']
/** Commands that call AWS, some of them only with `--stack`. */
const CALLING = [...DRIVING, 'runs', 'report', 'pause', 'exempt', 'exemptions', 'send', 'advise']
/** Commands that know the playbooks, and so the user's own: the policy file may name their folder. */
const WITH_PLAYBOOKS = [
  ...[...DRIVING, 'runs', 'pause', 'exempt', 'exemptions', 'send', 'init', 'triage'],
  ...['playbooks', 'check', 'test', 'diff', 'advise', 'schema', 'explain', 'iam', 'sandbox'],
]
const ON_RUNS = [
  ...['runs', 'approve', 'decline', 'undo', 'unblock', 'sweep'],
  ...['pause', 'resume', 'exempt', 'exemptions', 'report', 'advise'],
]

/** Every shared option, and in whose help it stands; without a list in everybody's. */
const OPTIONS: [flags: string, description: string, usedBy?: readonly string[]][] = [
  ['--json', 'one JSON document on stdout, everything else on stderr'],
  [
    '--policy <file>',
    'the policy file (default: RECTIFY_POLICY, else ./rectify.yaml)',
    WITH_PLAYBOOKS.filter((name) => name !== 'diff'),
  ],
  [
    '--playbooks <folder>',
    'a folder with playbooks of your own (default: RECTIFY_PLAYBOOKS; `playbooks:` of the policy file)',
    WITH_PLAYBOOKS,
  ],
  [
    '--state <dir>',
    'where runs are kept (default: RECTIFY_STATE, else ./.rectify)',
    [...DRIVING, 'runs', 'report', 'pause', 'exempt', 'exemptions', 'advise'],
  ],
  ['--endpoint-url <url>', 'send every AWS call there (default: AWS_ENDPOINT_URL)', CALLING],
  [
    '--region <region>',
    'region of targets that name none (default: AWS_REGION)',
    [...CALLING, 'triage', 'explain', 'iam'],
  ],
  ['--profile <profile>', 'AWS profile (default: AWS_PROFILE)', CALLING],
  ['--yes', 'say yes to the first plan of each run, and to what else is asked', [...ASKING, 'init', 'send']],
  ['--approve <hash>', 'say yes to exactly this plan: its hash, as far as it is shown', ASKING],
  ['--rest <duration>', 'how long what was undone is left alone (default: 24h)', ['undo', 'unblock']],
  // Its name of before, for scripts: in nobody's help.
  ['--hold <duration>', 'as --rest', []],
  ['--include-samples', 'plan and rehearse sample findings too', ['plan', 'rehearse']],
  [
    '--stack <name>',
    'a deployment instead of the local runs',
    [...ON_RUNS, 'rehearse', 'send', 'iam', 'sandbox'],
  ],
  ['-v, --verbose', 'each API call with request id and time on stderr', CALLING],
]

/** Declares the options that every command accepts, before or after its name. */
export function addSharedOptions(program: Command): Command {
  for (const [flags, description] of OPTIONS) program.addOption(optionOf(flags, description))
  return program
}

function optionOf(flags: string, description: string): Option {
  const option = new Option(flags, description)
  if (!flags.startsWith('--policy ')) return option
  return option.argParser((file: string, before?: string | string[]) =>
    before === undefined ? file : [before, file].flat(),
  )
}

/**
 * What was given of these options. A rehearsal may be given a second policy file; to any other command the last of
 * several would be a surprise.
 */
export function sharedOf(given: Shared & { policy?: string | string[] }, command: string): Shared {
  const { policy, ...shared } = given
  if (!Array.isArray(policy)) return { ...shared, ...(policy !== undefined && { policy }) }
  const [first = '', second = '', ...more] = policy
  if (command !== 'rehearse') throw new BadRequest('usage', '--policy is given more than once')
  if (more.length > 0) throw new BadRequest('usage', '--policy is given more than twice')
  return { ...shared, policy: first, otherPolicy: second }
}

/** Whether a shared option does something for this command, and so stands in its help. */
export function isUsedBy(command: string, { flags }: Option): boolean {
  const [, , usedBy] = OPTIONS.find(([declared]) => declared === flags) ?? []
  return usedBy?.includes(command) ?? true
}
