# bash completion of thrupath; `thrupath --print-completion bash` makes it
_thrupath() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $prev in
		--path) return ;;
		--walk) COMPREPLY=($(compgen -W 'retrace direct natural return-only via all' -- "$cur")); return ;;
		--via) return ;;
		--inner-source) COMPREPLY=($(compgen -W 'auto hop self' -- "$cur")); return ;;
		--also-source) return ;;
		--from) return ;;
		--max-rate) return ;;
		-c|--report-cycles) return ;;
		-i|--interval) return ;;
		-y|--ipinfo) return ;;
		-o|--order) return ;;
		--theme) COMPREPLY=($(compgen -W 'dark light contrast mono' -- "$cur")); return ;;
		--bind) return ;;
		--print-completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
		-f|--first-ttl) return ;;
		-m|--max-ttl) return ;;
		-P|--port) return ;;
		-L|--localport) return ;;
		--flows) return ;;
		-s|--psize) return ;;
		-Q|--tos) return ;;
		-I|--interface) COMPREPLY=($(compgen -W "$(ls /sys/class/net)" -- "$cur")); return ;;
		-a|--address) return ;;
		-M|--mark) return ;;
		-Z|--timeout) return ;;
		-G|--gracetime) return ;;
		--record) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--replay) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--fail-if) return ;;
		--metrics) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--on-finding) return ;;
		--dns) return ;;
		--asn-db) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--city-db) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--here) return ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W '--path --walk --via --inner-source --also-source --return-side --from --reverse --no-to --no-through --scan --follow --public --max-rate --report --report-wide --mtr --report-on-exit --json --csv --xml --markdown --html --raw --curses --report-cycles --interval --no-dns --aslookup --ipinfo --mpls --show-ips --order --theme --no-mouse --bind --print-config --print-completion --first-ttl --max-ttl --udp --tcp --port --localport --flows --psize --tos --interface --address --mark --timeout --gracetime --inet --inet6 --record --replay --fail-if --metrics --on-finding --bell --demo --dns --asn-db --city-db --here --hints --list-demos --help --version' -- "$cur"))
	elif [[ " ${COMP_WORDS[*]} " == *' --demo '* ]]; then
		COMPREPLY=($(compgen -W "$(thrupath --list-demos 2>/dev/null | awk '{print $1}')" -- "$cur"))
	else
		COMPREPLY=($(compgen -A hostname -- "$cur"))
	fi
}
complete -F _thrupath thrupath
