// What fails, and what a failure leaves behind. Environment variables make calls of ./provider.js or the program itself fail.
// Each resource uses an output of the one before, so that what was done before a failure doesn't depend on time.
const pulumi = require("@pulumi/pulumi");
const { Thing } = require("./thing.js");
const env = process.env;

exports.text = env.TEXT ?? env.VALUE ?? "1";
const value = (previous) => pulumi.interpolate`${env.VALUE ?? "1"} after ${previous.revision}`;

const a = new Thing("a", { value: env.VALUE ?? "1" });
if (env.THROW === "early") throw new Error("the program gives up early");
if (env.WITHOUT_CHAIN !== "true") {
    const b = new Thing("b", { value: env.B_VALUE ?? value(a), kind: env.B_KIND ?? "a" }, { dependsOn: a });
    let last = new Thing("c", { value: value(b) });
    if (env.WITH_NEXT === "true") {
        const d = new Thing("d", { value: value(last), kind: env.D_KIND });
        last = new Thing("e", { value: value(d) });
    }
    // The last of the chain, so that a program that fails on the way has not given its outputs to the engine yet.
    if (env.WITHOUT_END !== "true") exports.end = last.fingerprint;
}
if (env.PRINT === "true") {
    console.log("the program prints");
    console.error("the program prints to stderr");
    pulumi.log.warn("the program warns", a);
}
if (env.THROW === "rejection") Promise.reject(new Error("the program forgets a promise"));
if (env.THROW === "apply") a.fingerprint.apply(() => { throw new Error("the program gives up in an apply"); });
if (env.THROW === "run-error") throw new pulumi.RunError("the program says why");
if (env.LOG_ERROR === "true") pulumi.log.error("the program logs an error");
// After all of the resources are there
if (env.EXIT) a.urn.apply(() => setTimeout(() => process.exit(Number(env.EXIT)), 1500));
if (env.THROW === "late") throw new Error("the program gives up late");
