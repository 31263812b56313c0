/** The documents that the sandbox runs, with their steps. */
const STEPS: Record<string, readonly string[]> = {
  'AWS-RunPatchBaseline': ['PatchWindows', 'PatchLinux', 'PatchMacOS'],
  'AWS-RunShellScript': ['aws:runShellScript'],
  'AWS-RunPowerShellScript': ['aws:runPowerShellScript'],
}
export const DOCUMENTS: readonly string[] = Object.keys(STEPS)
export const stepsOf = (document: string): readonly string[] => STEPS[document] ?? []

/** The step that `GetCommandInvocation` is asked about; undefined where AWS says `InvalidPluginName`. */
export function stepAskedFor(document: string, plugin: unknown): string | undefined {
  const steps = stepsOf(document)
  return plugin === undefined && steps.length === 1 ? steps[0] : steps.find((step) => step === plugin)
}

/** The step of a patch run that does something on a platform; on the others it ends without having done anything. */
export const patchStep = (platform: string): string =>
  platform === 'Windows' ? 'PatchWindows' : 'PatchLinux'

/** Why a document does not take these parameters (`InvalidParameters`); undefined: it does. */
export function wrongParameters(document: string, given: Record<string, string[]>): string | undefined {
  if (document !== 'AWS-RunPatchBaseline') return undefined
  const unknown = Object.keys(given).find((name) => !(name in PATCH_PARAMETERS))
  if (unknown) return `Parameter ${unknown} is not defined in the document`
  if (!given.Operation) return 'Parameter Operation is required'
  const [name] =
    Object.entries(given).find(([name, values]) => !PATCH_PARAMETERS[name]!(values[0] ?? '')) ?? []
  return name && `Parameter ${name} does not take that value`
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html */
const PATCH_PARAMETERS: Record<string, (value: string) => boolean> = {
  Operation: (value) => ['Scan', 'Install'].includes(value),
  RebootOption: (value) => ['RebootIfNeeded', 'NoReboot'].includes(value),
  SnapshotId: () => true,
  InstallOverrideList: () => true,
  BaselineOverride: () => true,
  AssociationId: () => true,
  StepTimeoutSeconds: () => true,
}
