import { Command, CommanderError } from 'commander'
import about from '../../../package.json' with { type: 'json' }
import { BadRequest } from '../../engine/refusals.ts'
import { isHash } from '../../playbook/plan.ts'
import { compileWhatIsHot } from '../compilers.ts'
import { COMMANDS } from './command-list.ts'
import type { ExitStatus } from './exit-status.ts'
import type { Invocation, Shared } from './invocation.ts'
import { refuseOldNode } from './node-version.ts'
import { addSharedOptions, isUsedBy, sharedOf } from './shared-options.ts'

/** Runs one call of the program. Never throws; a failure is printed here, in one place. */
export async function runProgram(argv: string[], invocation: Invocation): Promise<ExitStatus> {
  const shown: string[] = []
  try {
    refuseOldNode(process.versions.node)
    const program = await buildProgram(argv, invocation, shown)
    await program.parseAsync(argv, { from: 'user' })
    return invocation.status
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      invocation.output.result({ help: shown.join('') }, () => shown.join(''))
      return 0
    }
    const { fail } = await import('./failure.ts')
    return fail(error, invocation, argv)
  }
}

/**
 * The program for one call: with all that the commands have whose names stand in `argv`, and the others as they are listed.
 * @param shown where help texts go
 */
export async function buildProgram(
  argv: readonly string[],
  invocation: Invocation,
  shown: string[],
): Promise<Command> {
  const program = new Command('rectify')
  addSharedOptions(program)
    .description(
      'Puts right what AWS detectors find wrong: plans, asks, changes, proves, and can take it back.',
    )
    .version(about.version, '-V, --version', 'the version of rectify')
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: (command) =>
        command === program ? [] : program.options.filter((option) => isUsedBy(command.name(), option)),
    })
    .configureOutput({
      writeOut: (text) => shown.push(text),
      writeErr: (text) => invocation.output.json || invocation.output.note(text),
      outputError: () => undefined,
    })
    .exitOverride()
    .hook('preAction', (_program, action) => {
      refuseEmpty(action)
      invocation.shared = sharedOf(program.opts<Shared>(), action.name())
      refuseNoHash(invocation.shared)
    })
    .addHelpText('after', EXAMPLES)
  for (const { name, description, argument, isBrief, load } of COMMANDS) {
    const command = new Command(name).description(description)
    if (argument) command.argument(...argument)
    if (argv.includes(name)) {
      if (!isBrief) compileWhatIsHot()
      ;(await load())(command, invocation)
    }
    program.addCommand(inheriting(command, program))
  }
  return program
}

/** A variable that is not set in a script (`rectify apply "$EVENT"`) must not mean this folder, or the default. */
function refuseEmpty(action: Command): void {
  const isEmpty = (value: unknown): boolean =>
    Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === ''
  if (action.args.some(isEmpty)) throw new BadRequest('usage', 'an argument is empty')
  const [option] = Object.entries(action.optsWithGlobals()).find(([, value]) => isEmpty(value)) ?? []
  if (option)
    throw new BadRequest(
      'usage',
      `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is empty`,
    )
}

/** Anything else would never be the plan, and "the plan has changed" a false reason. */
function refuseNoHash({ approve: hash }: Shared): void {
  if (hash === undefined || isHash(hash)) return
  const shape = '16 hex digits, as every plan shows them, or all 64'
  throw new BadRequest('usage', `--approve "${hash}" is not the hash of a plan: ${shape}`)
}

function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent)
  for (const inner of command.commands) inheriting(inner, command)
  return command
}

const EXAMPLES = `
Examples:
  rectify demo                                       the whole loop on this machine, without an AWS account
  rectify plan --playbook ec2-close-open-ingress --resource sg-0123456789abcdef0
  rectify rehearse events/ --html report.html      what would happen, nothing is changed
  rectify apply event.json
  rectify runs --stack prod                          what a deployment has done

More about a command: rectify COMMAND --help`
