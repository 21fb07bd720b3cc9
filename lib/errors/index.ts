export { type ErrorKind, errorCatalogue } from "./error-catalogue";
export type { ErrorDescription } from "./error-description";
export { type ServiceAnswer, ServiceError, unlessAbsent } from "./service-error";
export { unreadable } from "./unreadable";
export { capitalized, type ErrorPlace, UserError, type UserErrorOptions } from "./user-error";
export { readWarning, warningOf } from "./warning";
export { writing } from "./writing";
