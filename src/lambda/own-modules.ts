// Written by `npm run own-playbooks`, and whenever npm installs, from `playbooks:` of rectify.yaml.
/** As the policy file names it; undefined where it names none. */
export const ownFolder: string | undefined = undefined

export const ownModules: readonly (readonly [file: string, load: () => Promise<object>])[] = []
