// Secrets that come from the program, from the configuration and from the engine, and structured configuration.
const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("./thing.js");
const env = process.env;
const config = new pulumi.Config();

// A secret input makes the output of the same name secret, and nothing else.
const whole = new Thing("whole", { value: env.WHOLE === "plain" ? env.WHOLE_VALUE ?? "hush" : pulumi.secret(env.WHOLE_VALUE ?? "hush") });
// Secrets within an object and within a list
new Thing("nested", { value: { user: "root", password: pulumi.secret("hush-nested"), list: ["a", pulumi.secret("hush-item"), "c"] } });
// Secret outputs by name, and a resource that takes one as its input
const named = new Thing("named", { value: "1" }, { additionalSecretOutputs: ["fingerprint"] });
const taker = new Thing("taker", { value: pulumi.interpolate`uses ${named.fingerprint}` });
// A secret property whose change replaces
new Thing("keyed", { kind: pulumi.secret(env.KEYED ?? "k1") });
// Secret configuration, alone and within an object
new Thing("configured", { value: config.requireSecret("password") });
const settings = config.requireObject("settings");
new Thing("structured", { value: { size: settings.size, tags: settings.tags } });
new Thing("structured-secret", { value: config.requireSecretObject("login") });
// A component's secret outputs
class Box extends Group {
    constructor(name) {
        super(name);
        this.registerOutputs({ open: "1", closed: pulumi.secret("hush-closed") });
    }
}
new Box("box");

exports.region = config.require("region");
exports.plainOfWhole = whole.fingerprint;
exports.whole = whole.value;
exports.echoOfWhole = whole.echo;
exports.taken = taker.value;
exports.object = { a: 1, b: pulumi.secret("hush-b"), list: [pulumi.secret("hush-l"), 2] };
exports.loginUser = config.requireSecretObject("login").apply((login) => login.user);
exports.unwrapped = pulumi.unsecret(pulumi.secret("not hushed"));
exports.isSecret = pulumi.isSecret(taker.value);
exports.extra = config.get("extra") ?? "none";
exports.settings = settings;
