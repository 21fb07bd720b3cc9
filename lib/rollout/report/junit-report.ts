import { htmlLines, htmlText } from "../../text";
import type { BucketOutcome } from "../journal/journal-record";
import { bucketWords, stackWords, stateText } from "./report-words";
import type { ReportedStack, RolloutReport } from "./rollout-report";

/**
 * JUnit XML, which CI systems show: a suite for each stack, with a case for the stack itself and one for each bucket. Stacks that had no
 * turn yet are skipped.
 * Source: https://github.com/testmoapp/junitxml
 */
export function junitReport(report: RolloutReport): string {
    const suites = report.waves.flatMap((wave) => wave.stacks.map((stack) => suite(wave.name, stack)));
    const sum = (name: "tests" | "failures" | "errors" | "skipped") =>
        suites.reduce((total, one) => total + one[name], 0);
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites name="${htmlText(report.name)}" tests="${sum("tests")}" failures="${sum("failures")}" errors="${sum("errors")}" skipped="${sum("skipped")}">`,
        `<properties><property name="state" value="${htmlText(stateText(report))}"/><property name="plan" value="${htmlText(report.plan)}"/></properties>`,
        ...suites.map(({ text }) => text),
        "</testsuites>",
        "",
    ].join("\n");
}

interface Case {
    readonly name: string;
    readonly result: "passed" | "failure" | "error" | "skipped";
    readonly message?: string;
    readonly seconds?: number;
}

function suite(wave: string, stack: ReportedStack) {
    const notYet = stack.state === "waiting" || stack.state === "running";
    const cases: Case[] = [stackCase(stack), ...stack.buckets.map((bucket) => bucketCase(bucket, notYet))];
    const count = (result: Case["result"]) => cases.filter((one) => one.result === result).length;
    const [failures, errors, skipped] = [count("failure"), count("error"), count("skipped")];
    const name = `${wave} / ${stack.name}`;
    const text = [
        `<testsuite name="${htmlText(name)}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${stack.seconds ?? 0}">`,
        ...cases.map((one) => caseText(one, name)),
        "</testsuite>",
    ].join("\n");
    return { tests: cases.length, failures, errors, skipped, text };
}

function stackCase({ name, state, reason, seconds }: ReportedStack): Case {
    const result =
        state === "deployed" || state === "unchanged"
            ? "passed"
            : state === "waiting" || state === "running"
              ? "skipped"
              : state === "interrupted"
                ? "error"
                : "failure";
    const message = `${stackWords[state]}${reason === undefined ? "" : `: ${reason}`}`;
    return { name: `stack ${name}`, result, message, ...(seconds !== undefined && { seconds }) };
}

function bucketCase({ bucket, status, why }: BucketOutcome, notYet: boolean): Case {
    const result =
        status === "as-declared" ? "passed" : notYet ? "skipped" : status === "different" ? "failure" : "error";
    return {
        name: `bucket ${bucket}`,
        result,
        message: `${bucketWords[status]}${why === undefined ? "" : `: ${why}`}`,
    };
}

function caseText({ name, result, message = "", seconds = 0 }: Case, className: string): string {
    const open = `<testcase classname="${htmlText(className)}" name="${htmlText(name)}" time="${seconds}"`;
    if (result === "passed") return `${open}/>`;
    const body = result === "skipped" ? "" : htmlLines(message, "\n");
    return `${open}><${result} message="${htmlText(message.split("\n")[0] ?? "")}">${body}</${result}></testcase>`;
}
