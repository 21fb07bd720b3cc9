/** Loaded into a stack's program before the SDK's launcher runs. */
import { inspectErrorsWithoutColors } from "./plain-errors";
import { prepareChild } from "./prepare-child";
import { rememberStacks } from "./remembered-stacks";

prepareChild(__filename, () => {
    inspectErrorsWithoutColors();
    rememberStacks();
});
