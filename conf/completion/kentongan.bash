# SPDX-License-Identifier: MIT
# bash completion for kentongan(1)
_kentongan() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local commands='init status tickets ticket queue messages route reload pause resume backup sim'
	case $current in
	-*) mapfile -t COMPREPLY < <(compgen -W '--config --socket --json --version --help --department --state --since --limit --unparsed --unrouted --unknown' -- "$current") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current"; compgen -f -- "$current") ;;
	esac
}
complete -F _kentongan kentongan
