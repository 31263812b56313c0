/** Text that a program writes. */
export interface Generated {
  /** From the root of the repository. */
  path: string
  text: string
}
