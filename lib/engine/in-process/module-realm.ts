import { EventEmitter } from "node:events";
import { readFileSync, realpathSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import os from "node:os";
import path from "node:path";
import { format } from "node:util";
import vm from "node:vm";
import { keepNewest } from "../keep-newest";

/** The substitutes for this process that the modules of a realm see. */
export interface RealmPlace {
    /** The working folder that `process.cwd()` gives, where modules of texts are found. */
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    /** The arguments after the script. */
    readonly args: readonly string[];
    /** Each line that is written to the console, to standard output or to standard error. */
    readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
    /** `process.exit` was called. */
    readonly onExit: (code: number) => void;
    /** The result of `process._getActiveHandles()`: the realm's own servers. */
    readonly handles?: () => readonly unknown[];
    /** Modules that the realm's own get instead of what the resolved name stands for; undefined for all others. */
    readonly replaced?: (resolved: string, load: () => unknown) => unknown;
    /** What the realm's modules get instead of a module of Node; undefined for the module itself. */
    readonly builtin?: (name: string, module: object) => unknown;
}

type Wrapper = (
    this: unknown,
    exports: unknown,
    require: unknown,
    module: unknown,
    filename: string,
    dirname: string,
    process: unknown,
    console: unknown,
) => void;

const parameters = ["exports", "require", "module", "__filename", "__dirname", "process", "console"];
/** Compiled once for all realms of this process. */
const compiled = new Map<string, Wrapper>();
/** This package and the libraries that realms have of their own are about 1,000 modules; the programs of many stacks have no end. */
const mostCompiled = 3_000;

function keepCompiled(key: string, wrapper: Wrapper): void {
    compiled.set(key, wrapper);
    keepNewest(compiled, mostCompiled);
}

/** Packages that read the environment: each realm has instances of its own. All others are shared with this process. */
const ownPackages = /[\\/]node_modules[\\/](@alicloud|@aws-sdk|@smithy|@aws)[\\/]/;

/** The folder of this package, whether it is installed or a repository. Its modules are in `dist` or `lib`. */
const packageFolder = realpathSync(path.join(__dirname, "..", "..", ".."));

/**
 * Modules with state, environment, arguments and console of their own in this process, as if they ran in a process of their own. The
 * project's and this package's modules are evaluated anew in each realm; installed packages are shared, except for those that
 * read the environment.
 */
export class ModuleRealm {
    readonly #place: RealmPlace;
    readonly #modules = new Map<string, { exports: unknown }>();
    /** This package is often an installed one itself, and a project's folder may stand below one of another project. */
    readonly #ownFolders: readonly string[];
    readonly #process: unknown;
    readonly #console: unknown;
    /** The listeners of the realm's modules to the end of their process. */
    readonly #exits = new EventEmitter();

    constructor(place: RealmPlace) {
        this.#place = place;
        this.#ownFolders = [packageFolder, realpathSync(place.folder)];
        this.#process = processOf(place, this.#exits);
        this.#console = consoleOf(place);
    }

    /** The console of the realm's modules. */
    get console(): Console {
        return this.#console as Console;
    }

    /** Tells the realm's modules, once, that their process ends: this one continues, so their timers and connections would too. */
    end(code: number): void {
        this.#exits.emit("exit", code);
        this.#exits.removeAllListeners();
    }

    /** Evaluates a file in this realm, wherever it is. @returns its exports */
    load(file: string): unknown {
        return this.#loadResolved(realpathSync(file));
    }

    /** @param file as `require.resolve` gives it */
    #loadResolved(file: string): unknown {
        const found = this.#modules.get(file);
        if (found !== undefined) return found.exports;
        return this.#evaluate(file, compiledFile(file));
    }

    /** Evaluates a text as a module that stands in the realm's folder. @returns its exports */
    loadText(text: string): unknown {
        const key = `${this.#place.folder}\0${text}`;
        let wrapper = compiled.get(key);
        if (wrapper === undefined) {
            wrapper = vm.compileFunction(text, parameters) as Wrapper;
            keepCompiled(key, wrapper);
        }
        return this.#evaluate(path.join(this.#place.folder, "[text]"), wrapper, false);
    }

    #evaluate(file: string, wrapper: Wrapper, isKept = true): unknown {
        const module = { exports: {}, id: file, filename: file, loaded: false, children: [], paths: [] };
        if (isKept) this.#modules.set(file, module);
        try {
            const folder = path.dirname(file);
            wrapper.call(
                module.exports,
                module.exports,
                this.#requireFrom(file),
                module,
                file,
                folder,
                this.#process,
                this.#console,
            );
        } catch (error) {
            this.#modules.delete(file);
            throw error;
        }
        module.loaded = true;
        return module.exports;
    }

    #requireFrom(file: string): unknown {
        const require = createRequire(file);
        const load = (request: string): unknown => {
            if (/^(node:)?os$/.test(request)) return this.#os();
            if (isBuiltin(request)) {
                const builtin = require(request) as object;
                return this.#place.builtin?.(request.replace(/^node:/, ""), builtin) ?? builtin;
            }
            const resolved = require.resolve(request);
            const shared = (): unknown => (this.#isOwn(resolved) ? this.#loadResolved(resolved) : require(resolved));
            return this.#place.replaced?.(resolved, shared) ?? shared();
        };
        return Object.assign(load, { resolve: require.resolve, cache: {}, extensions: {}, main: undefined });
    }

    #os(): unknown {
        const { HOME, TMPDIR } = this.#place.environment;
        return { ...os, homedir: () => HOME || os.homedir(), tmpdir: () => TMPDIR || os.tmpdir() };
    }

    #isOwn(file: string): boolean {
        if (!/\.c?js$/.test(file)) return false;
        const folders = [path.parse(file).root, ...this.#ownFolders];
        return ownPackages.test(file) || folders.some((folder) => isOutsidePackages(file, folder));
    }
}

/** Whether a file stands below a folder, with no `node_modules` between the two. */
function isOutsidePackages(file: string, folder: string): boolean {
    const below = path.relative(folder, file);
    return !path.isAbsolute(below) && !below.split(path.sep).some((name) => name === "node_modules" || name === "..");
}

function compiledFile(file: string): Wrapper {
    const text = readFileSync(file, "utf8").replace(/^#!.*/, "");
    const key = `${file}\0${text}`;
    const found = compiled.get(key);
    if (found !== undefined) return found;
    const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    const wrapper = vm.compileFunction(text, parameters, { filename: file, importModuleDynamically }) as Wrapper;
    keepCompiled(key, wrapper);
    return wrapper;
}

function processOf({ folder, environment, args, onLine, onExit, handles }: RealmPlace, exits: EventEmitter): unknown {
    const none = (): unknown => undefined;
    const listen =
        (how: "on" | "once" | "off") =>
        (event: string | symbol, listener: (code: number) => void): void => {
            if (event === "exit") exits[how](event, listener);
        };
    const stream = (name: "stdout" | "stderr") => ({
        isTTY: false,
        write: (text: unknown): boolean => {
            for (const line of String(text).replace(/\n$/, "").split("\n")) onLine(line, name);
            return true;
        },
        on: none,
        once: none,
    });
    const own: Record<string, unknown> = {
        env: { ...environment },
        argv: [process.execPath, "script", ...args],
        cwd: () => folder,
        // What the realm registers is about a process of its own, of which only the end is known.
        on: listen("on"),
        once: listen("once"),
        off: listen("off"),
        addListener: listen("on"),
        removeListener: listen("off"),
        exit: onExit,
        exitCode: undefined,
        stdout: stream("stdout"),
        stderr: stream("stderr"),
        _getActiveHandles: () => handles?.() ?? [],
    };
    return Object.create(
        process,
        Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { value, writable: true }])),
    );
}

function consoleOf({ onLine }: RealmPlace): unknown {
    const to =
        (name: "stdout" | "stderr") =>
        (...values: unknown[]): void => {
            for (const line of format(...values).split("\n")) onLine(line, name);
        };
    const [out, error] = [to("stdout"), to("stderr")];
    return Object.assign(Object.create(console), { log: out, info: out, debug: out, error, warn: error, trace: error });
}
