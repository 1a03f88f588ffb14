# SPDX-License-Identifier: MIT
# bash completion for kentongan(1): commands, their options, and what a running daemon knows
# of departments and providers.

# _kentongan_names LIST KEY: values of "KEY" in the daemon's list LIST, one a line.
_kentongan_names() {
	kentongan --json status 2>/dev/null |
		sed -n "s/.*\"$1\":\[\(.*\)/\1/p" |
		grep -o "^[^]]*" | grep -o "\"$2\":\"[^\"]*\"" | cut -d '"' -f 4
}

# Names of ways that some department has.
_kentongan_ways() {
	kentongan --json queue 2>/dev/null | grep -o '"way":"[^"]*"' | cut -d '"' -f 4 | sort -u
}

# What the desk may do; `kentongan lifecycle` names them all.
_kentongan_acts='route recall reject archive ask progress done schedule extend no_extend outside merge
	unmerge reopen hide unhide'

_kentongan() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands='init status desk tickets ticket queue deliver messages resend drop due act mails mail mail-in alike report
		event person audit token lifecycle calendar pin route reload pause resume backup sim'
	local command='' words='' i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --config | --socket) i=$((i + 1)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done

	case $before in
	-c | --config | --socket | --state)
		if [ "$command" != tickets ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			return
		fi
		words='baru periksa tanya diteruskan diproses dijadwalkan luar selesai ditutup digabung ditolak dicabut arsip'
		;;
	--provider) words='africastalking kannel playsms telerivet zenziva generic' ;;
	--department | --to | --all-parked) words=$(_kentongan_names departments code) ;;
	--scopes) words='read answer transfer file secret desk' ;;
	--since | --limit | --expires | --name | --set | --number | --callbacks | --admin) return ;;
	--within | --month | --check | --text | --parent | --date | --outside | --kecamatan | --desa | --reason | --words | --days)
		return
		;;
	*)
		case $command in
		'') words="$commands --config --socket --json --version --help" ;;
		init) words='--provider --set --number --state --callbacks --admin --help' ;;
		status | ticket | reload | alike | resend | drop | backup) words='--json --help' ;;
		tickets) words='--department --state --since --limit --json --help' ;;
		queue) words="$(_kentongan_names departments code) --limit --json --help" ;;
		deliver)
			case $((COMP_CWORD - i)):${COMP_WORDS[i + 1]} in
			1:*) words='retry park drop test resume --json --help' ;;
			2:test | 2:resume) words=$(_kentongan_names departments code) ;;
			3:test | 3:resume) words=$(_kentongan_ways) ;;
			4:test) words='--to --json --help' ;;
			2:retry | 2:drop) words='--all-parked --json --help' ;;
			esac
			;;
		messages) words='--unparsed --unrouted --unknown --limit --json --help' ;;
		due) words='--within --json --help' ;;
		mails) words='--desk --limit --before --json --help' ;;
		mail) words='--raw --attachment --json --help' ;;
		mail-in) words='--help' ;;
		act)
			words="$_kentongan_acts --to --text --parent --date --outside --word --json --help"
			;;
		desk)
			case $((COMP_CWORD - i)):${COMP_WORDS[i + 1]} in
			3:route) words=$(_kentongan_names departments code) ;;
			[2-9]*:*) words='--to --words --days --write --json --help' ;;
			*) words='route ask reject merge extend refuse archive apart retry forget noted resend drop
				seen view read teach --limit --json --help' ;;
			esac
			;;
		report) words='--month --csv --json --help' ;;
		event) words='start say end list --department --kecamatan --desa --all --json --help' ;;
		token) words='create list revoke --name --department --all --scopes --expires --json --help' ;;
		person) words='find export erase --reason --force --json --help' ;;
		audit) words='--limit --json --help' ;;
		lifecycle) words='--dot --help' ;;
		calendar) words='--check --help' ;;
		pin) words='--help' ;;
		route) words='--json --help' ;;
		pause | resume) words="$(_kentongan_names providers id) --json --help" ;;
		sim) words='text read --help' ;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	case $command:$before:$current in
	*:--*:* | *:*:-*) ;;
	init:* | backup:*) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	esac
}
complete -F _kentongan kentongan
