/** When a program's function is called, in the words of the state file. */
export const hookTypes = [
    "BeforeCreate",
    "AfterCreate",
    "BeforeUpdate",
    "AfterUpdate",
    "BeforeDelete",
    "AfterDelete",
    "OnError",
] as const;
export type HookType = (typeof hookTypes)[number];

/** The names of the functions that a resource wants to be called, by when. */
export type HookNames = { readonly [Type in HookType]?: readonly string[] };
