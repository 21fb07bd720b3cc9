import type { AccountsDocument } from "./accounts-document";
import { validateAccounts } from "./accounts-validation";
import { readJsonFile } from "./json-file";

/**
 * Reads and checks an accounts file.
 * @throws LocalCloudConfigurationError when it cannot be read, is not JSON or has faults
 */
export async function readAccountsFile(path: string): Promise<AccountsDocument> {
    const subject = `The accounts file ${path}`;
    return validateAccounts(await readJsonFile(path, subject), subject);
}
