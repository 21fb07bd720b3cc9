// The resource of ./provider.js. Outputs: revision, fingerprint ("<id>/<kind>"), echo (repeats the value).
const pulumi = require("@pulumi/pulumi");

const handler = 'exports.handler = () => require("./provider.js");';
const outputs = { revision: undefined, fingerprint: undefined, echo: undefined };

exports.Thing = class Thing extends pulumi.CustomResource {
    constructor(name, args, opts) {
        super("pulumi-nodejs:dynamic/sample:Thing", name, { ...outputs, key: name, ...args, __provider: handler }, opts);
    }
};
// Its provider has no `diff`.
exports.Undiffed = class Undiffed extends pulumi.CustomResource {
    constructor(name, args, opts) {
        const text = 'exports.handler = () => require("./provider.js").undiffed;';
        super("pulumi-nodejs:dynamic/sample:Undiffed", name, { ...outputs, key: name, ...args, __provider: text }, opts);
    }
};
exports.Group = class Group extends pulumi.ComponentResource {
    constructor(name, opts, type = "sample:index:Group") {
        super(type, name, {}, opts);
    }
};
