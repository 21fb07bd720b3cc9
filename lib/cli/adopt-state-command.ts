import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { UserError } from "../errors";
import { type Adoption, adoptPulumiState, adoptTerraformState, isTerraformState, programText } from "../migration";
import { type CommandIo, fileIn } from "./command-io";
import type { Invocation } from "./command-line";
import { writeOutput } from "./output-file";

interface AdoptStateFlags {
    readonly into?: string;
    readonly output: string;
    readonly program?: string;
    readonly json?: boolean;
}

/** Adds `adopt-state` to the program: another tool's state in, a stack's state to import out. Makes no request. */
export function registerAdoptStateCommand(program: Command, { action }: Invocation): void {
    program
        .command("adopt-state")
        .description("turn the state of @pulumi/alicloud or Terraform into one of BucketEncryption, touching no bucket")
        .argument("<state>", "what `pulumi stack export` or `terraform state pull` printed")
        .requiredOption("--output <file>", "the state to be imported with `pulumi stack import --file`")
        .option(
            "--into <file>",
            "for a Terraform state: what `pulumi stack export` printed for the stack that takes over",
        )
        .option("--program <file>", "also write TypeScript that declares the rules")
        .option("--json", "print what was adopted as JSON")
        .addHelpText(
            "after",
            [
                "",
                "Examples:",
                "  $ pulumi stack export --file before.json",
                "  $ bucket-encryption adopt-state before.json --output after.json",
                "  $ pulumi stack import --file after.json",
                "",
                "  $ terraform state pull > terraform.json",
                "  $ bucket-encryption adopt-state terraform.json --into before.json --output after.json --program index.ts",
            ].join("\n"),
        )
        .action(action(adoptState));
}

function adoptState(io: CommandIo, stateFile: string, flags: AdoptStateFlags): void {
    const adoption = adoptionOf(io, stateFile, flags);
    writeOutput(io, flags.output, `${JSON.stringify(adoption.state, undefined, 4)}\n`, { secret: true });
    if (flags.program !== undefined) writeOutput(io, flags.program, programText(adoption.rules));
    io.stdout.write(flags.json ? `${JSON.stringify(report(adoption))}\n` : summary(adoption, stateFile, flags));
}

function adoptionOf(io: CommandIo, stateFile: string, { into }: AdoptStateFlags): Adoption {
    const document = readJson(fileIn(io, stateFile));
    if (!isTerraformState(document)) return adoptPulumiState(document, stateFile);
    if (into === undefined) {
        const what = "A Terraform state needs a stack that takes over: give its `pulumi stack export` with --into";
        throw new UserError("invalid-state-file", what, { file: stateFile });
    }
    return adoptTerraformState(document, stateFile, { document: readJson(fileIn(io, into)), file: into });
}

function readJson(file: string): unknown {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new UserError("invalid-state-file", `The file can't be read (${code})`, { file });
    }
    try {
        return JSON.parse(text);
    } catch {
        throw new UserError("invalid-state-file", "The file isn't JSON", { file });
    }
}

function report({ rules, warnings }: Adoption): object {
    const shown = rules.map(({ source, name, properties }) => ({
        source,
        name,
        bucket: properties.bucket,
        sseAlgorithm: typeof properties.sseAlgorithm === "string" ? properties.sseAlgorithm : "[secret]",
    }));
    return { rules: shown, warnings };
}

function summary({ rules, warnings }: Adoption, stateFile: string, { into, output }: AdoptStateFlags): string {
    const next =
        into === undefined
            ? [
                  `Change the class in the program, run \`pulumi stack import --file ${output}\`, and see \`pulumi preview\` show no change.`,
              ]
            : [
                  `Run \`pulumi stack import --file ${output}\`, declare the rules, see \`pulumi preview\` show no change, and then let`,
                  "Terraform forget them, which touches no bucket:",
                  ...rules.map(({ source }) => `  terraform state rm '${source}'`),
              ];
    return [
        `${rules.length} ${rules.length === 1 ? "rule" : "rules"} of ${stateFile} adopted:`,
        ...rules.map(({ name, properties }) => `  ${name}: bucket ${properties.bucket}`),
        ...warnings.map((warning) => `warning: ${warning}`),
        ...next,
        "",
    ].join("\n");
}
