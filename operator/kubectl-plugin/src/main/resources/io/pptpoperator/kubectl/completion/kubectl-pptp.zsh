#compdef kubectl-pptp
# zsh completion for kubectl-pptp; load it with: source <(kubectl-pptp completion zsh)
_kubectl_pptp() {
    local line
    local -a candidates
    while IFS= read -r line; do
        [[ $line == :* ]] && continue
        candidates+=("${${line//:/\\:}/$'\t'/:}")
    done < <(kubectl-pptp __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( $#candidates )); then
        _describe 'kubectl-pptp' candidates
    else
        _files
    fi
}
compdef _kubectl_pptp kubectl-pptp
