import { programModule } from "../declaration";
import type { AdoptedRule } from "./adopted-rule";

/**
 * The TypeScript that declares the adopted rules, as they are. A secret is left to be filled in.
 * @param isPlugin whether it declares resources of the provider plugin, which replace those of the adopted state
 */
export function programText(rules: readonly AdoptedRule[], isPlugin = false): string {
    const declarations = rules.map(({ name, properties, options = {} }) => {
        const args = Object.entries(properties).map(
            ([property, value]) =>
                `    ${property}: ${typeof value === "string" ? JSON.stringify(value) : `config.requireSecret("${property}")`},`,
        );
        const optionTexts = Object.keys(options).map((option) => `${option}: true`);
        const end = optionTexts.length === 0 ? "});" : `}, { ${optionTexts.join(", ")} });`;
        return [`new BucketEncryption(${JSON.stringify(name)}, {`, ...args, end].join("\n");
    });
    const hasSecrets = rules.some(({ properties }) =>
        Object.values(properties).some((value) => typeof value === "object"),
    );
    return [
        ...(hasSecrets ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
        `import { BucketEncryption } from "${programModule(isPlugin)}";`,
        "",
        ...(hasSecrets ? ["const config = new pulumi.Config();", ""] : []),
        ...declarations,
        "",
    ].join("\n");
}
