/** Names of variables whose values must not leave this process. */
const secretNames = /SECRET|TOKEN|PASSPHRASE|PASSWORD|CREDENTIAL|API_?KEY|PRIVATE_KEY/i;
const shortestSecret = 6;

/** Masks the environment's secrets, and cuts what is long. */
export function maskedText(text: string, environment: NodeJS.ProcessEnv): string {
    const secrets = Object.entries(environment)
        .filter(([name, value = ""]) => secretNames.test(name) && value.length >= shortestSecret)
        .map(([, value]) => value as string)
        .sort((one, other) => other.length - one.length);
    const masked = secrets.reduce((masking, secret) => masking.replaceAll(secret, "[secret]"), text);
    return masked.length > 2000 ? `${masked.slice(0, 2000)}…` : masked;
}
