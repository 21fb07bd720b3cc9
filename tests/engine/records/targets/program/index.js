// Operations on a part of the stack. The steps give --target and the like as flags.
const { Thing, Group } = require("./thing.js");
const env = process.env;

const a = new Thing("a", { value: env.VALUE ?? "1", kind: env.A_KIND });
const b = new Thing("b", { value: a.echo });
new Thing("c", { value: env.VALUE ?? "1" }, { dependsOn: [b] });
if (env.WITHOUT_LONE !== "true") new Thing("lone", { value: env.VALUE ?? "1" });
const group = new Group("group");
new Thing("inner-1", { value: env.VALUE ?? "1" }, { parent: group });
new Thing("inner-2", { value: env.VALUE ?? "1" }, { parent: group });
if (env.WITH_NEW === "true") {
    const fresh = new Thing("fresh", { value: "1" });
    if (env.WITH_USER === "true") new Thing("fresh-user", { value: fresh.fingerprint });
}
exports.value = env.VALUE ?? "1";
exports.echoOfA = a.echo;
