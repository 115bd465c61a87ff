# fish completion for kubectl-pptp; load it with: kubectl-pptp completion fish | source
function __kubectl_pptp
    set -l words (commandline -opc) (commandline -ct)
    kubectl-pptp __complete $words[2..-1] 2>/dev/null | string match -v ':*'
end
complete -c kubectl-pptp -f -a '(__kubectl_pptp)'
complete -c kubectl-pptp -l kubeconfig -rF
