// What an engine runs for `--policy-pack`. The policies are compiled with the rest of the package.
require("../../../dist/policy/policy-pack.js").startPolicyPack();
