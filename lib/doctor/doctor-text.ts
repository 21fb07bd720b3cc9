import { foldedLine, visible } from "../text";
import { type Check, type CheckUp, checkResults, type DoctorReport, type Policy } from "./check-up";

/** A check-up for people: a line for each check, and the policies to copy. */
export function doctorText({ accounts, system }: DoctorReport, columns: number): string {
    return accounts.map((checkUp) => accountText(checkUp, system, columns)).join("\n");
}

function accountText({ name, checks, missing, unproven }: CheckUp, system: string, columns: number): string {
    const counts = checkResults
        .map((result) => ({ result, count: checks.filter((check) => check.result === result).length }))
        .filter(({ count }) => count > 0)
        .map(({ result, count }) => `${count} ${result}`);
    return [
        ...foldedLine(visible(`${name}: ${counts.join(", ")}`), columns),
        ...checks.flatMap((check) => foldedLine(checkLine(check), columns)),
        "",
        ...policyLines(`This ${system} policy grants the missing rights:`, missing, columns),
        ...policyLines(`This ${system} policy grants the rights that were not checked:`, unproven, columns),
    ].join("\n");
}

function checkLine({ name, subject, result, text }: Check): string {
    const about = subject === undefined ? "" : ` (${subject})`;
    return `  ${result.padEnd("not-checked".length)}  ${visible(`${name}${about}: ${text}`)}`;
}

const policyLines = (title: string, policy: Policy | undefined, columns: number): string[] =>
    policy === undefined ? [] : [...foldedLine(title, columns), JSON.stringify(policy, undefined, 2), ""];
