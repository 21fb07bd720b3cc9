const pulumi = require("@pulumi/pulumi");

/** A resource of the JSON file that is these tests' cloud. */
class Item extends pulumi.CustomResource {
    constructor(name, args, opts) {
        super(
            "pulumi-nodejs:dynamic/items:Item",
            name,
            { made: undefined, ...args, __provider: 'exports.handler = () => require("./provider.js");' },
            opts,
        );
    }
}

class Group extends pulumi.ComponentResource {
    constructor(name, opts) {
        super("items:index:Group", name, {}, opts);
    }
}

module.exports = { Item, Group };
