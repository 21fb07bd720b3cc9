/** Stands for a value that only the deployment will know, such as an output of a resource that a preview would create. */
export const notYetKnown: unique symbol = Symbol("not yet known");

export type NotYetKnown = typeof notYetKnown;
