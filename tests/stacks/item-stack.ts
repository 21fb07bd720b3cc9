import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FolderCloudStack } from "./folder-cloud-stack";
import { packageRoot } from "./test-project";

/** A stack of tests/engine/programs. */
export class ItemStack extends FolderCloudStack {
    constructor(program: "items" | "many", variables: NodeJS.ProcessEnv = {}) {
        const source = path.join(packageRoot, "tests", "engine", "programs", program);
        const files = readdirSync(source).map((name) => [name, readFileSync(path.join(source, name), "utf8")]);
        super(program, Object.fromEntries(files));
        this.environment = { ...this.environment, CLOUD: this.cloud, ...variables };
    }

    /** A new stack of the program `items`, which declares what the given text does. */
    static async items(body = "", variables: NodeJS.ProcessEnv = {}): Promise<ItemStack> {
        const stack = new ItemStack("items", variables);
        stack.declare(body);
        await stack.engine().createStack("dev");
        return stack;
    }

    /** Replaces the program. `Item`, `Group` and `pulumi` are there. */
    declare(body: string): void {
        writeFileSync(
            path.join(this.folder, "index.js"),
            `const pulumi = require("@pulumi/pulumi");\nconst { Item, Group } = require("./item.js");\n${body}\n`,
        );
    }
}
