// Any version of Node must be able to read this file, so that an old one gets a message and not a syntax error.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
    console.error(
        "pulumi-resource-bucket-encryption needs Node.js 20.19 or later, and `node` on the PATH is " +
            process.versions.node +
            " (" +
            process.execPath +
            "). Install a newer Node.js (https://nodejs.org).",
    );
    process.exit(1);
}
require("./provider.js");
