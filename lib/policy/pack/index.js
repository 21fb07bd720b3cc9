// What an engine runs for `--policy-pack`. The policies are compiled with the rest of the package.
try {
    require.resolve("@pulumi/policy");
} catch {
    // Engines show what this process prints. A stack of calls would hide what to do.
    console.error(
        "The policies cannot be loaded: the package @pulumi/policy is not installed in the stack's project. Run `npm install @pulumi/policy` there.",
    );
    process.exit(1);
}
require("../../../dist/policy/policy-pack.js").startPolicyPack();
