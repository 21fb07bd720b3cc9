// External resources: read by an id, with others that use what was read, and their way into and out of management.
// Every object `ext*` is put into the live file by a step, so nothing of this stack created it.
const { Thing, Group } = require("./thing.js");
const env = process.env;
const get = (name, id, opts) => new Thing(name, { key: undefined, value: undefined, kind: undefined }, { ...opts, id });

// The id of the second object is an output: unknown in a preview of the first deployment.
const own = new Thing("own", { value: "1", key: env.OWN_KEY ?? "own" });

if (env.READ) {
    const external = get("external", env.READ);
    new Thing("user", { value: external.fingerprint });
    const group = new Group("group");
    get("inner", "ext-2", { parent: group, dependsOn: [own], additionalSecretOutputs: ["fingerprint"] });
    exports.external = external.value;
    exports.externalId = external.id;
}
if (env.READ_OWN === "true") {
    const same = get("same-as-own", own.id);
    exports.same = same.echo;
}
// read | managed | absent, under one name
if (env.ADOPT === "read") get("adopt", "ext-3");
if (env.ADOPT === "managed") new Thing("adopt", { key: env.ADOPT_KEY ?? "ext-3", value: "3" });
if (env.ADOPT === "other") get("adopt", "ext-2");
if (env.IMPORT) new Thing("imported", { key: env.IMPORT, value: "1" }, { import: env.IMPORT });
