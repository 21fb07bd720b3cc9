export { type Check, type CheckResult, type CheckUp, checkResults, type DoctorReport, type Policy } from "./check-up";
export { doctorText } from "./doctor-text";
export { type Examination, examineAccount } from "./examine-account";
export type { ExaminedAccount } from "./examined-account";
