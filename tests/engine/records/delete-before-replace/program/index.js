// Replacement, in both orders, with resources that depend on the replaced one.
const { Thing } = require("./thing.js");
const env = process.env;

// deleteBeforeReplace as an option. Those that depend on it:
const base = new Thing("base", { value: env.BASE_VALUE ?? "1", kind: env.BASE_KIND ?? "a" }, { deleteBeforeReplace: true });
// by a property whose change replaces,
const direct = new Thing("direct", { kind: base.fingerprint }, { protect: env.PROTECT_DIRECT === "true" });
// the same, one further on,
new Thing("chained", { kind: direct.fingerprint });
// by a property whose change only updates,
const updated = new Thing("updated", { value: base.fingerprint });
// by a property whose change replaces, but of the one that is only updated,
new Thing("behind-updated", { kind: updated.echo });
// and by no property.
if (env.WITHOUT_ORDERED !== "true") new Thing("ordered", { value: "1" }, { dependsOn: [base] });

// The default order. The dependent's property is the id, which is another one after the replacement.
const plain = new Thing("plain", { kind: env.PLAIN_KIND ?? "a" });
const onPlain = new Thing("on-plain", { kind: plain.id });
new Thing("on-on-plain", { value: onPlain.fingerprint });

// deleteBeforeReplace answered by the provider, and the option that overrules it.
const byProvider = new Thing("by-provider", { kind: env.PROVIDER_KIND ?? "a", deleteFirst: true });
new Thing("on-by-provider", { kind: byProvider.id });
new Thing("overruled", { kind: env.PROVIDER_KIND ?? "a", deleteFirst: true }, { deleteBeforeReplace: false });

// Replaced at first, then left out of the program.
if (env.WITHOUT_FRAGILE !== "true") {
    const fragile = new Thing("fragile", { kind: env.FRAGILE_KIND ?? "a" }, { deleteBeforeReplace: true });
    new Thing("on-fragile", { kind: fragile.fingerprint });
}
exports.base = base.fingerprint;
