/** What else must be known of a thread at the very moment of which its stack is? */

/** Asked by a walker on either side of the read that its sample is made of. */
export interface SampledMoment {
  /** Right before it. */
  begin(): void;
  /** Right after it. False: what was found on either side differs, and there is no sample. */
  isSame(): boolean;
}
