/**
 * Names under which other tools keep credentials for Alibaba Cloud: the Terraform and Pulumi providers (`ALICLOUD_…`), older SDKs
 * (`ALIBABACLOUD_…`, `ALIYUN_…`), ossutil and the OSS SDKs (`OSS_…`). This package reads none of them.
 */
const namesOfOthers = /^(ALICLOUD|ALIBABACLOUD|ALIYUN|OSS)_.*(ACCESS_?KEY|SECRET|TOKEN|PROFILE|CREDENTIAL|ROLE)/;

/** Variations of the names that are read, such as `ALIBABA_CLOUD_ACCESS_KEY`. */
const variations = /^ALIBABA_CLOUD_(?!ACCESS_KEY_ID$|ACCESS_KEY_SECRET$).*(ACCESS_?KEY|SECRET)/;

/** Settings of `@pulumi/alicloud` that choose its credentials. */
const settingsOfOthers =
    /^alicloud:(accessKey|secretKey|securityToken|profile|ecsRoleName|credentialsUri|assumeRole\w*)$/;

/** What is set and not read, by names, for a message about missing credentials. */
export function unreadCredentials(environment: NodeJS.ProcessEnv, settings: readonly string[]): string[] {
    const isUnread = (name: string) => namesOfOthers.test(name) || variations.test(name);
    const variables = Object.keys(environment).filter((name) => isUnread(name) && environment[name]);
    return [...variables.sort(), ...settings.filter((key) => settingsOfOthers.test(key)).sort()];
}
