import { type Command, Option } from 'commander'

const OPTIONS: [flags: string, description: string][] = [
  ['--json', 'one JSON document on stdout, everything else on stderr'],
  ['--policy <file>', 'the policy file (default: RECTIFY_POLICY, else ./rectify.yaml)'],
  ['--state <dir>', 'where runs are kept (default: RECTIFY_STATE, else ./.rectify)'],
  ['--endpoint-url <url>', 'send every AWS call there (default: AWS_ENDPOINT_URL)'],
  ['--region <region>', 'region of targets that name none (default: AWS_REGION)'],
  ['--profile <profile>', 'AWS profile (default: AWS_PROFILE)'],
  ['--yes', 'say yes to the first plan of each run'],
  ['--approve <hash>', 'say yes to exactly this plan: its hash, as far as it is shown'],
  ['--hold <duration>', 'how long an undone run holds its resource (default: 24h)'],
  ['--include-samples', 'plan and rehearse sample findings too'],
  ['--stack <name>', 'a deployment instead of the local runs'],
  ['-v, --verbose', 'each API call with request id and time on stderr'],
]

/** Declares the options that every command accepts, before or after its name. */
export function addSharedOptions(program: Command): Command {
  for (const [flags, description] of OPTIONS) program.addOption(new Option(flags, description))
  return program
}
