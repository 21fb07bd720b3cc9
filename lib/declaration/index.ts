export {
    type ArgumentRow,
    type ArgumentRows,
    type ArgumentValue,
    type NotYetKnown,
    notYetKnown,
    type ObservedRule,
    type RuleArgumentsWith,
    type RulePropertyName,
    rowsOf,
    rulePropertyNames,
    type SseAlgorithm,
    type StoreAlgorithms,
} from "../rule";
export { type AccountPart, accountParts, oidcParts, roleParts } from "./account-arguments";
export { argumentMeaning } from "./argument-meaning";
export {
    type ArgumentName,
    type ArgumentsOf,
    argumentNames,
    type DeclarationRows,
    declarationArguments,
    type ExistingRule,
    isReplacing,
    maybeSecretArguments,
    maybeSecretOutputs,
    notOutputs,
    type OnDelete,
    outputs,
} from "./argument-rows";
export { canonicalInputs, changedProperties, isOfRule, isSameValue, withoutRule } from "./compare-declarations";
export {
    type Behaviour,
    type Declaration,
    holdsUnknown,
    isKnown,
    isRecord,
    type KnownDeclaration,
    known,
    type Properties,
    type ResourceState,
    type RuleRecord,
} from "./declaration";
export { DeclarationParser, lookupNames, type ParsedDeclaration, statePropertiesOf } from "./declaration-parser";
export { handlerText, setHandlerText } from "./handler-text";
export {
    type DeclarableStore,
    type DeclarationContext,
    type DeclaredAccount,
    Place,
    type Reach,
    type ReachableTarget,
    type Setting,
    type StoreSettings,
} from "./place";
export {
    bucketEncryptionSetType,
    bucketEncryptionSetTypes,
    bucketEncryptionType,
    bucketEncryptionTypes,
    encryptionBaselineType,
    isBucketEncryption,
    isBucketEncryptionSet,
    nativeTypes,
    programModule,
} from "./resource-types";
export { packColumns, unpackColumns } from "./set/compact-table";
export { packBuckets, packDeclaredMembers } from "./set/declared-members";
export { DeclaredSet } from "./set/declared-set";
export {
    type DeclaredMembers,
    type Member,
    type Members,
    type MembersSince,
    memberNames,
    membersSinceLast,
    packMembers,
    unpackMembers,
} from "./set/members";
export {
    type SetState,
    setArguments,
    setOnDelete,
    setOutputNames,
    setOutputs,
    sharedArgumentNames,
    sharedProperties,
} from "./set/set-arguments";
export { distinctIssues, issueOfSet, setIssues } from "./set/set-issues";
export { UnfinishedResource } from "./unfinished-resource";
