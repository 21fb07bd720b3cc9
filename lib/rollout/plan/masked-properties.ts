/** Marks a value of a property map that is a secret, an asset or an output (sdk/go/common/resource/properties.go). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export const maskedSecret = "[secret]";

/**
 * Properties for a plan or a report: secrets are masked (engines mask them already, each in its own form), and the provider's constant
 * text is left out.
 */
export function maskedProperties(
    properties: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> {
    const entries = Object.entries(properties ?? {}).filter(([key]) => key !== "__provider");
    return Object.fromEntries(entries.map(([key, value]) => [key, masked(value)]));
}

function masked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(masked);
    if (value === null || typeof value !== "object") return value;
    const map = value as Record<string, unknown>;
    if (map[signatureKey] === secretSignature) return maskedSecret;
    return Object.fromEntries(Object.entries(map).map(([key, member]) => [key, masked(member)]));
}
