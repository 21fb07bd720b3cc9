import { expect } from "chai";

const defect =
    /^ +at .*[:(]\d+|internal error|TypeError|ReferenceError|RangeError|\[object Object\]|UnhandledPromise|panic:/m;

/** No defect of the code in a text, and no secret. */
export function expectReadable(output: string, secrets: readonly string[]): void {
    expect(defect.test(output), `a defect of the code in an output:\n${output}`).to.equal(false);
    for (const secret of secrets) expect(output.includes(secret), `a secret in an output:\n${output}`).to.equal(false);
}
