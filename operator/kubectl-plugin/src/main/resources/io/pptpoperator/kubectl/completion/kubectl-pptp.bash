# bash completion for kubectl-pptp; load it with: source <(kubectl-pptp completion bash)
_kubectl_pptp() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        [[ $line == :* ]] || COMPREPLY+=("${line%%$'\t'*}")
    done < <(kubectl-pptp __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kubectl_pptp kubectl-pptp
