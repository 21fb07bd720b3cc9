import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FolderCloudStack } from "./folder-cloud-stack";
import { packageRoot, projectSettings } from "./test-project";

const book = `
const pulumi = require("@pulumi/pulumi");
class Book extends pulumi.CustomResource {
    constructor(name, args, opts) {
        super("shelf:index:Book", name, { spine: undefined, ...args }, opts);
    }
}
class Shelf extends pulumi.ProviderResource {
    constructor(name, args, opts) {
        super("shelf", name, args, opts);
    }
}
const count = (word, opts) => pulumi.runtime.invoke("shelf:index:count", { word }, opts);
module.exports = { Book, Shelf, count, pulumi };
`;

/** A stack of books, whose provider is the plugin tests/engine/foreign-provider. */
export class ShelfStack extends FolderCloudStack {
    readonly plugin: string;

    private constructor(settings: string) {
        super("shelf", {
            "book.js": book,
            "package.json": '{ "name": "shelf", "private": true }',
            "Pulumi.yaml": projectSettings("shelf") + settings,
        });
        this.plugin = path.join(this.folder, "plugin");
        cpSync(path.join(packageRoot, "tests", "engine", "foreign-provider"), this.plugin, { recursive: true });
        this.environment = { ...this.environment, SHELF: this.cloud };
    }

    /** @param settings lines of `Pulumi.yaml` that say where the plugin is */
    static async create(
        body: string,
        settings = "plugins:\n  providers:\n    - name: shelf\n      path: plugin\n",
    ): Promise<ShelfStack> {
        const stack = new ShelfStack(settings);
        stack.declare(body);
        await stack.engine().createStack("dev");
        return stack;
    }

    /** Replaces the program. `Book`, `Shelf`, `count` and `pulumi` are there. */
    declare(body: string): void {
        writeFileSync(
            path.join(this.folder, "index.js"),
            `const { Book, Shelf, count, pulumi } = require("./book.js");\n${body}\n`,
        );
    }
}
