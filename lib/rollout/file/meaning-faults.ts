import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { DocumentShape, objectSchema, readYaml } from "../../documents";
import { isFile } from "../../files";
import { settingIssues } from "../../provider";
import { valueText } from "../../text";
import type { FaultPath, FaultPlaces, FileFault } from "./file-fault";
import type { WrittenRollout, WrittenStack, WrittenWave } from "./written-rollout";

type At = (where: FaultPath, message: string) => void;
type AtKey = (where: FaultPath, key: string, message: string) => void;

/** Faults that a schema cannot find: names that do not match, contradicting accounts, missing folders. */
export function meaningFaults(file: WrittenRollout, folder: string, places: FaultPlaces): FileFault[] {
    const faults: FileFault[] = [];
    const at: At = (where, message) => void faults.push(places.at(where, message));
    const atKey: AtKey = (where, key, message) => void faults.push(places.atKey(where, key, message));
    const projectOf = projectNames();
    duplicates(file.stacks, "stacks", at);
    duplicates(file.waves, "waves", at);
    file.stacks.forEach((stack, index) => {
        accountFaults(stack, ["stacks", index], at);
        regionFaults(stack, ["stacks", index], at);
        secretFaults(stack, ["stacks", index], atKey);
        settingFaults(
            stack,
            projectOf(path.resolve(folder, stack.workDir ?? file.workDir ?? ".")),
            ["stacks", index],
            at,
            atKey,
        );
    });
    targetFaults(file, folder, at);
    (file.policyPacks ?? []).forEach((pack, index) => {
        if (!existsSync(path.resolve(folder, pack, "PulumiPolicy.yaml")))
            at(["policyPacks", index], `${pack} is not a policy pack: it has no PulumiPolicy.yaml`);
    });
    membershipFaults(file, at);
    for (const [index, wave] of file.waves.entries()) waveFaults(file, wave, ["waves", index], at);
    return faults;
}

function duplicates(list: readonly { readonly name: string }[], where: string, at: At): void {
    const first = new Map<string, number>();
    list.forEach(({ name }, index) => {
        const earlier = first.get(name);
        if (earlier === undefined) first.set(name, index);
        else at([where, index, "name"], `${where}.${index}.name "${name}" is already the name of ${where}.${earlier}`);
    });
}

/** Every account in the configuration must be the stack's `account`. */
function accountFaults({ name, account, configuration = {} }: WrittenStack, where: FaultPath, at: At): void {
    if (account === undefined) return;
    for (const [key, value] of Object.entries(configuration)) {
        const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
        const roles = [...text.matchAll(/acs:ram::(\d+):|arn:aws[a-z-]*:iam::(\d+):/g)].map(
            (match) => match[1] ?? match[2],
        );
        const ids = key === "bucket-encryption:account" ? (/"id":"?(\d+)/.exec(text)?.slice(1) ?? []) : [];
        const lists = /^bucket-encryption:allowedAccountIds$/.test(key) ? (text.match(/\d{12,16}/g) ?? []) : [];
        const denied = /^bucket-encryption:forbiddenAccountIds$/.test(key) && text.includes(account);
        for (const other of new Set([...roles, ...ids, ...lists])) {
            if (other !== account)
                at(
                    [...where, "configuration", key],
                    `${key} of ${name} names the account ${other}, but its account is ${account}`,
                );
        }
        if (denied) at([...where, "configuration", key], `${key} forbids the account of ${name}, ${account}`);
    }
}

/** Waves use `region`, and the provider uses the configuration: both must be the same. */
function regionFaults({ name, region, configuration = {} }: WrittenStack, where: FaultPath, at: At): void {
    const key = "bucket-encryption:region";
    const other = configuration[key];
    if (region !== undefined && other !== undefined && other !== region)
        at([...where, "configuration", key], `${key} of ${name} is ${valueText(other)}, but its region is ${region}`);
}

function secretFaults({ configuration = {} }: WrittenStack, where: FaultPath, atKey: AtKey): void {
    for (const key of Object.keys(configuration)) {
        if (/secret|password|passphrase|token|private-?key/i.test(key))
            atKey(
                [...where, "configuration"],
                key,
                `${key} is a secret in plain text; set it with \`pulumi config set --secret\``,
            );
    }
}

/** A misspelt guard has no effect, so an unknown setting is a fault, and so is a value that a setting cannot have. */
function settingFaults(
    { configuration = {} }: WrittenStack,
    project: string,
    where: FaultPath,
    at: At,
    atKey: AtKey,
): void {
    const inside = [...where, "configuration"];
    // A key without a namespace belongs to the project.
    const writtenKeys = new Map(
        Object.keys(configuration).map((key) => [key.includes(":") ? key : `${project}:${key}`, key]),
    );
    const settings = Object.fromEntries([...writtenKeys].map(([full, key]) => [full, configuration[key]]));
    for (const { key: full, path: part, message } of settingIssues(settings, project)) {
        const key = writtenKeys.get(full) ?? full;
        const name = `${inside.join(".")}: ${part}`;
        const [what = "", meant] = message.split(/; remove it and run /);
        // The cure for the command line does not fit a file.
        if (meant !== undefined) atKey(inside, key, `${name} ${what}; write the part inside the value of that setting`);
        else if (part === full) atKey(inside, key, `${name} ${message}`);
        else at([...inside, key, ...partsOf(part.slice(full.length))], `${name} ${message}`);
    }
}

/** `.through[0]` as steps of a path. */
const partsOf = (path: string): (string | number)[] =>
    path
        .split(/[.[\]]+/)
        .filter((part) => part !== "")
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** Reads the project's name in a folder, once; empty where it cannot be read. */
function projectNames(): (workDir: string) => string {
    const names = new Map<string, string>();
    return (workDir) => {
        const known = names.get(workDir) ?? projectName(workDir);
        names.set(workDir, known);
        return known;
    };
}

const projectShape = new DocumentShape<{ readonly name: string }>(objectSchema({ name: { type: "string" } }));

function projectName(workDir: string): string {
    const file = projectFiles.map((name) => path.join(workDir, name)).find(isFile);
    if (file === undefined) return "";
    try {
        return readYaml(projectShape, { kind: "invalid-project", title: "The project", file }).name;
    } catch {
        // The engine reports faults of a project's file.
        return "";
    }
}

const projectFiles = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Two entries for one stack would deploy it twice. The folder determines the project. Only the backend knows the organization of a
 * name without one.
 */
function targetFaults(file: WrittenRollout, folder: string, at: At): void {
    const found = new Map<string, { readonly name: string; readonly organization: string | undefined }[]>();
    const missing = new Set<string>();
    file.stacks.forEach((stack, index) => {
        const workDir = realFolder(path.resolve(folder, stack.workDir ?? file.workDir ?? "."));
        const written = stack.workDir === undefined ? ["workDir"] : ["stacks", index, "workDir"];
        if (!missing.has(workDir) && !projectFiles.some((name) => isFile(path.join(workDir, name)))) {
            missing.add(workDir);
            at(written, `workDir ${stack.workDir ?? file.workDir ?? "."} has no Pulumi.yaml`);
        }
        const parts = (stack.stack ?? stack.name).split("/");
        const target = JSON.stringify([workDir, parts.at(-1)]);
        const organization = parts.length > 1 ? parts[0] : undefined;
        const others = found.get(target) ?? [];
        const same = others.find(
            (other) => (other.organization ?? organization) === (organization ?? other.organization),
        );
        found.set(target, [...others, { name: stack.name, organization }]);
        if (same !== undefined && same.name !== stack.name)
            at(["stacks", index], `${stack.name} is the same stack in the same folder as ${same.name}`);
    });
}

/** Without links, so that each folder has one name. */
function realFolder(folder: string): string {
    return existsSync(folder) ? realpathSync(folder) : folder;
}

function membershipFaults(file: WrittenRollout, at: At): void {
    const waveOf = new Map<string, string>();
    const known = new Set(file.stacks.map(({ name }) => name));
    file.waves.forEach((wave, index) => {
        (wave.stacks ?? []).forEach((name, position) => {
            if (!known.has(name))
                at(
                    ["waves", index, "stacks", position],
                    `Wave ${wave.name} names the stack ${name}, which is not among the stacks`,
                );
        });
        for (const name of new Set(members(file, wave))) {
            const earlier = waveOf.get(name);
            if (earlier === undefined) waveOf.set(name, wave.name);
            else {
                const position = (wave.stacks ?? []).indexOf(name);
                const where = position < 0 ? ["waves", index, "tags"] : ["waves", index, "stacks", position];
                at(where, `The stack ${name} is in two waves, ${earlier} and ${wave.name}`);
            }
        }
    });
    file.stacks.forEach(({ name }, index) => {
        if (!waveOf.has(name)) at(["stacks", index], `The stack ${name} is in no wave`);
    });
}

function waveFaults(file: WrittenRollout, wave: WrittenWave, where: FaultPath, at: At): void {
    const names = new Set(members(file, wave));
    if (names.size === 0) at(where, `Wave ${wave.name} has no stack`);
    const regions = new Set(file.stacks.filter(({ name }) => names.has(name)).map(({ region }) => region));
    (wave.regionOrder ?? []).forEach((region, index) => {
        if (!regions.has(region))
            at([...where, "regionOrder", index], `No stack of wave ${wave.name} is in the region ${region}`);
    });
    const { pause } = wave;
    if (typeof pause === "object" && Number.isNaN(Date.parse(pause.until)))
        at([...where, "pause", "until"], `${pause.until} is not a valid time`);
}

/** Names of a wave's stacks, in the order of the file: those listed, and those with its tags. */
export function members({ stacks }: WrittenRollout, wave: WrittenWave): string[] {
    const tags = wave.tags === undefined ? undefined : Object.entries(wave.tags);
    const listed = new Set(wave.stacks);
    return stacks
        .filter(
            (stack) =>
                listed.has(stack.name) ||
                tags?.every(([key, value]) => String(stack.tags?.[key]) === String(value)) === true,
        )
        .map(({ name }) => name);
}
