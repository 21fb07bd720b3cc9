/** For tests of stacks that use this package. */
export { LocalCloud, type LocalCloudOptions } from "./local-cloud";
