import { containsSecrets, isPropertyMap, type PropertyMap, type PropertyValue, Secret } from "./property-value";

/**
 * Marks secrets in the answer of a provider that does not support them: each key whose input contained a secret, in nested maps too
 * (sdk/go/common/resource/plugin/provider_plugin.go, annotateSecrets).
 */
export function annotateSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
    let result: { [key: string]: PropertyValue } | undefined;
    for (const [key, input] of Object.entries(inputs)) {
        const output = outputs[key];
        if (output === undefined || !containsSecrets(input) || containsSecrets(output)) continue;
        result ??= { ...outputs };
        result[key] =
            isPropertyMap(output) && isPropertyMap(input) ? annotateSecrets(output, input) : new Secret(output);
    }
    return result ?? outputs;
}
