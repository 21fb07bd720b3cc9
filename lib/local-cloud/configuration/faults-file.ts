import type { Fault } from "../fault";
import { validateFaults } from "./faults-validation";
import { readJsonFile } from "./json-file";

/**
 * Reads and checks a file of faults: `{"faults": [{"kind": "throttle", "operation": "GetBucketEncryption", "count":
 * 2}]}`.
 * @throws LocalCloudConfigurationError when it cannot be read, is not JSON or has faults
 */
export async function readFaultsFile(path: string): Promise<Fault[]> {
    const subject = `The faults file ${path}`;
    return validateFaults(await readJsonFile(path, subject), subject);
}
