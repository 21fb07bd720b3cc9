import { createRequire } from "node:module";
import path from "node:path";
import { UserError } from "../errors";
import { programError } from "./program-error";

const providerModule = "pulumi-bucket-encryption/provider";

/**
 * The folder of the provider host, which is the program's. Only known when the SDK's launcher runs the program: unit tests with mocks
 * have no provider host, and functions of the Automation API run in another folder.
 */
const hostFolder = process.env.PULUMI_NODEJS_ROOT_DIRECTORY === undefined ? undefined : process.cwd();
const cure =
    "Add pulumi-bucket-encryption to the dependencies in the package.json of that folder and install it; leave the package out of a bundle (esbuild: --external:pulumi-bucket-encryption).";
let isLoadable = hostFolder === undefined;

/**
 * Refuses a program when the provider host cannot load this package from the program's folder, before anything is deployed. This
 * happens when only a dependency of the program depends on this package (pnpm and Yarn PnP give a package its own dependencies only),
 * and when this package is part of a bundle.
 * @throws RunError `missing-package`
 */
export function requireLoadableProvider(): void {
    if (isLoadable || hostFolder === undefined) return;
    try {
        createRequire(path.join(hostFolder, "index.js")).resolve(providerModule);
        isLoadable = true;
    } catch {
        const what = `The provider process cannot load ${providerModule} from the program's folder ${hostFolder}`;
        throw programError(new UserError("missing-package", what, {}, { cure }));
    }
}
