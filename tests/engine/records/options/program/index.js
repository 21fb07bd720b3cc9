// Resource options, one at a time. The environment variable named for an option says which variant of it a step declares.
const pulumi = require("@pulumi/pulumi");
const { Thing, Undiffed, Group } = require("./thing.js");
const env = process.env;

// dependsOn
const first = new Thing("first", { value: "1" });
new Thing("second", { value: "2" }, { dependsOn: env.DEPENDS_ON === "none" ? [] : [first] });

// protect: unset | absent (left out of the program) | open (not protected) | none (both)
const protect = !["open", "none"].includes(env.PROTECT);
const declared = !["absent", "none"].includes(env.PROTECT);
if (declared) {
    new Thing("guarded", { value: env.PROTECT_VALUE ?? "1", kind: env.PROTECT_KIND ?? "a" }, { protect });
    new Thing("unguarded", { value: "1" });
}
// A component's protection is its children's too.
const vault = new Group("vault", { protect });
if (declared) new Thing("jewel", { value: "1" }, { parent: vault });

// ignoreChanges
new Thing("ignoring", { value: env.IGNORED_VALUE ?? "1", kind: env.IGNORED_KIND ?? "a" }, { ignoreChanges: ["value"] });
new Thing("ignoring-all", { value: env.IGNORED_VALUE ?? "1", kind: env.IGNORED_KIND ?? "a" }, { ignoreChanges: ["*"] });
new Thing("ignoring-nested", { value: { size: env.IGNORED_VALUE ?? "1", colour: env.IGNORED_COLOUR ?? "red", tags: ["x", env.IGNORED_VALUE ?? "1"] } }, { ignoreChanges: ["value.size", "value.tags[1]"] });

// replaceOnChanges: with a provider that answers diff without naming properties, and with one that doesn't answer diff
new Thing("replacing", { value: env.REPLACE_VALUE ?? "1" }, { replaceOnChanges: ["value"] });
new Undiffed("replacing-undiffed", { value: env.REPLACE_VALUE ?? "1" }, { replaceOnChanges: ["value"] });
new Undiffed("replacing-any", { value: env.REPLACE_VALUE ?? "1" }, { replaceOnChanges: ["*"] });
new Undiffed("replacing-other", { value: env.REPLACE_VALUE ?? "1" }, { replaceOnChanges: ["kind"] });
new Undiffed("replacing-ignored", { value: env.REPLACE_VALUE ?? "1" }, { replaceOnChanges: ["value"], ignoreChanges: ["value"] });

// retainOnDelete
if (env.RETAIN !== "absent") new Thing("retained", { value: "1", kind: env.RETAIN ?? "a" }, { retainOnDelete: true });

// deletedWith: both | guest-gone | both-gone
if (env.DELETED_WITH !== "both-gone") {
    const host = new Thing("host", { value: "1", kind: env.HOST_KIND ?? "a" });
    new Thing("guest-1", { value: "1" }, { deletedWith: host });
    if (env.DELETED_WITH !== "guest-gone") new Thing("guest-2", { value: "1" }, { deletedWith: host });
}

// additionalSecretOutputs
const discreet = new Thing("discreet", { value: "1" }, { additionalSecretOutputs: env.DISCREET === "less" ? ["echo"] : ["fingerprint", "echo"] });
exports.discreetEcho = discreet.echo;
exports.discreetFingerprint = discreet.fingerprint;

// customTimeouts
new Thing("patient", { value: env.PATIENT_VALUE ?? "1" }, { customTimeouts: { create: "5m", update: env.PATIENT ?? "10m", delete: "15m" } });

// an explicit provider of the dynamic kind
class Provider extends pulumi.ProviderResource {
    constructor(name, args) {
        super("pulumi-nodejs", name, args);
    }
}
const explicit = new Provider("explicit", {});
new Thing("explicitly", { value: "1" }, { provider: explicit });
// a default provider at first, the explicit one later
new Thing("moved", { value: "1" }, env.MOVED === "explicit" ? { provider: explicit } : {});

// aliases: before | after | dropped (declared under the new name, the alias gone from the program)
const after = env.ALIASES === "after" || env.ALIASES === "dropped";
const alias = (...aliases) => (env.ALIASES === "after" ? { aliases } : {});
const urn = (type, name) => `urn:pulumi:dev::engine-sample::${type}::${name}`;
const thing = "pulumi-nodejs:dynamic/sample:Thing";
const dependent = [];
if (!after) {
    dependent.push(new Thing("by-urn", { key: "by-urn", value: "1" }));
    new Thing("by-name", { key: "by-name", value: "1" });
    new Thing("by-parent", { key: "by-parent", value: "1" });
    new Thing("by-type", { key: "by-type", value: "1" });
    const team = new Group("team");
    const member = new Thing("team-member", { key: "team-member", value: "1" }, { parent: team });
    new Thing("other-member", { key: "other-member", value: member.fingerprint }, { parent: team });
    const typed = new Group("typed", {}, "sample:index:OldGroup");
    new Thing("typed-member", { key: "typed-member", value: "1" }, { parent: typed });
    new Thing("unaliased", { key: "unaliased", value: "1" });
} else {
    dependent.push(new Thing("by-urn-new", { key: "by-urn", value: "1" }, alias(urn(thing, "by-urn"))));
    new Thing("by-name-new", { key: "by-name", value: env.ALIASED_VALUE ?? "1" }, alias({ name: "by-name" }));
    // a component that is new, and a resource that moves into it
    const home = new Group("home");
    new Thing("by-parent", { key: "by-parent", value: "1" }, { parent: home, ...alias({ parent: pulumi.rootStackResource }) });
    new Undiffed("by-type", { key: "by-type", value: "1" }, alias({ type: thing }));
    // a component renamed: its children follow, those whose name starts with its name too
    const crew = new Group("crew", alias({ name: "team" }));
    const member = new Thing("crew-member", { key: "team-member", value: "1" }, { parent: crew });
    new Thing("other-member", { key: "other-member", value: member.fingerprint }, { parent: crew });
    // a component of another type: its children follow
    const typed = new Group("typed", alias({ type: "sample:index:OldGroup" }), "sample:index:NewGroup");
    new Thing("typed-member", { key: "typed-member", value: "1" }, { parent: typed });
    // renamed without an alias: another resource
    new Thing("unaliased-new", { key: "unaliased", value: "1" });
}
new Thing("follower", { value: dependent[0].fingerprint }, { dependsOn: dependent });
