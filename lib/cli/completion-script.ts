export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The hidden command that the scripts ask: it prints a word and its description in a line, or this line for names of files. */
export const completeCommand = "__complete";
export const filesLine = ":files";

/** The script that makes a shell complete a command. It asks the command, so it fits every later version too. */
export function completionScript(shell: Shell, name: string): string {
    return scripts[shell](name, `_${name.replaceAll("-", "_")}`);
}

const scripts: Readonly<Record<Shell, (name: string, fn: string) => string>> = {
    // Bash takes a word apart at `=`, so the words come from the line, and what stands before the last `=` is kept.
    bash: (name, fn) => `# ${name} completion for bash
${fn}() {
    local line="\${COMP_LINE:0:COMP_POINT}" words unfinished word description
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    unfinished="\${words[\${#words[@]}-1]}"
    local kept=""
    [[ $unfinished == *=* ]] && kept="\${unfinished%=*}="
    COMPREPLY=()
    while IFS=$'\\t' read -r word description; do
        if [[ $word == "${filesLine}" ]]; then
            compopt -o default 2>/dev/null || while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${unfinished#"$kept"}")
        else
            COMPREPLY+=("\${word#"$kept"}")
        fi
    done < <("\${words[0]}" ${completeCommand} -- "\${words[@]:1}" 2>/dev/null)
}
complete -F ${fn} ${name}
`,
    zsh: (name, fn) => `#compdef ${name}
${fn}() {
    local -a described
    local row word
    for row in "\${(@f)$("\${words[1]}" ${completeCommand} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $row == "${filesLine}" ]]; then
            _files
        elif [[ -n $row ]]; then
            word="\${row%%$'\\t'*}"
            described+=("\${word//:/\\\\:}:\${\${row#$word}#$'\\t'}")
        fi
    done
    (( \${#described} )) && _describe -t values '${name}' described
}
if [[ $funcstack[1] == ${fn} ]]; then ${fn} "$@"; else compdef ${fn} ${name}; fi
`,
    fish: (name, fn) => `# ${name} completion for fish
function _${fn}
    set -l words (commandline -opc)
    set -l unfinished (commandline -ct)
    for row in ($words[1] ${completeCommand} -- $words[2..-1] "$unfinished" 2>/dev/null)
        if test "$row" = "${filesLine}"
            __fish_complete_path "$unfinished"
        else
            echo $row
        end
    end
end
complete -c ${name} -f -a '(_${fn})'
`,
};
