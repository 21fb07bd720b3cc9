import type { Command } from "commander";
import { defaultStoreFamily, type StoreFamily, storeFamilies } from "../stores";
import { choiceOption } from "./choice-options";
import { collected } from "./option-values";

/** Adds the options of `AuditPlaces`: which accounts are read, and how they are reached. @param region what the region is for */
export function withPlaces(command: Command, region: string): Command {
    const families = Object.values(storeFamilies);
    return command
        .addOption(
            choiceOption(
                "--store <kind>",
                families.map(({ name, words }) => `${name} for ${words.title}`).join(", "),
                families.map(({ name }) => name),
            ).default(defaultStoreFamily.name),
        )
        .option("--profile <name>", "a profile of the aliyun CLI, or of AWS; repeat it for several accounts", collected)
        .option("--accounts <file>", "YAML or JSON with a list of accounts: name, id, profile, roleArn, externalId")
        .option("--endpoint <url>", `the endpoint (default: ${eachFamily("endpoint", () => "each region's own")})`)
        .option("--region <id>", `${region} (default: ${eachFamily("region", ({ words }) => words.firstAskedRegion)})`)
        .option("--force-path-style", "with --store s3: address buckets by path, for services that need it")
        .option("--kms-endpoint <url>", "the KMS endpoint (default: ALIBABA_CLOUD_KMS_ENDPOINT, or each region's own)");
}

/** For instance `oss: OSS_REGION, or cn-hangzhou; s3: …`. */
function eachFamily(argument: "region" | "endpoint", otherwise: (family: StoreFamily) => string): string {
    return Object.values(storeFamilies)
        .map((family) => {
            const setting = family.settings.find((row) => row.argument === argument);
            return `${family.name}: ${[...(setting?.variables ?? []), `or ${otherwise(family)}`].join(", ")}`;
        })
        .join("; ");
}
