// COUNT independent resources whose provider does nothing.
const pulumi = require("@pulumi/pulumi");

const handler = 'exports.handler = () => require("./provider.js");';

class Nothing extends pulumi.CustomResource {
    constructor(name, args) {
        super("pulumi-nodejs:dynamic/many:Nothing", name, { ...args, __provider: handler });
    }
}

for (let index = 0; index < Number(process.env.COUNT ?? 3); index += 1)
    new Nothing(`resource-${index}`, { index, text: process.env.TEXT ?? "text" });
