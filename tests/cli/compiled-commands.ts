import path from "node:path";

// Commands load parts of themselves when they are first used, which works in compiled code alone.
const compiled = path.join(__dirname, "..", "..", "dist", "cli");

/** The commands as they are shipped, for running them in the test's process. */
export const { bucketEncryption }: typeof import("../../lib/cli/bucket-encryption-command") = require(
    path.join(compiled, "bucket-encryption-command.js"),
);
export const { pulumiEmbedded }: typeof import("../../lib/cli/pulumi-embedded-command") = require(
    path.join(compiled, "pulumi-embedded-command.js"),
);
