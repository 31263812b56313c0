/** A command to try, and what it does. */
export interface TourStep {
  command: string
  about: string
}

/** What a sandbox is good for now: what is in it, and what was deployed into it. */
export interface Ground {
  seeds: Record<string, string>
  /** Folder with events about the seeds, as it was named. */
  events?: string | undefined
  /** Name of the deployed stack. */
  stack?: string | undefined
  /** The policy file that was named; without one the stack only rehearses. */
  policy?: string | undefined
}

/** What a person can type beside a running sandbox, in this order. RUN is the id that the command before showed. */
export function tour({ seeds, events, stack, policy }: Ground): TourStep[] {
  const own = policy ?? 'mine.yaml'
  const named = `--playbook ec2-close-open-ingress --resource ${seeds['web-ssh-open']}`
  return [
    { command: `rectify plan ${named}`, about: 'reads, and changes nothing' },
    ...(policy === undefined
      ? [
          {
            command: `rectify init --policy ${own} --mode approve --slack T0ACME/C0SECOPS`,
            about: 'a policy under which you are asked',
          },
        ]
      : []),
    ...(events === undefined
      ? []
      : [
          {
            command: `rectify rehearse ${events} --policy ${own} --html report.html`,
            about: 'what would happen',
          },
        ]),
    { command: `rectify apply ${named} --policy ${own}`, about: 'changes it, after asking you' },
    { command: 'rectify runs', about: 'what has happened' },
    { command: 'rectify undo RUN', about: 'takes it back, after asking you' },
    ...(stack === undefined || events === undefined ? [] : onStack(stack, events, policy !== undefined)),
  ]
}

function onStack(stack: string, events: string, decides: boolean): TourStep[] {
  const of = `--stack ${stack}`
  return [
    {
      command: `rectify send ${events}/common-ports-open.json ${of}`,
      about: 'the same by the deployed stack',
    },
    { command: `rectify runs ${of}`, about: 'its run, after a second or two' },
    ...(decides
      ? [
          {
            command: `rectify approve RUN ${of}`,
            about: 'shows the plan, asks you, and it is carried out; or press Approve in Slack',
          },
          { command: `rectify undo RUN ${of}`, about: 'takes it back' },
        ]
      : [{ command: `rectify runs RUN ${of}`, about: 'its plan and dry run; its policy only rehearses' }]),
  ]
}
