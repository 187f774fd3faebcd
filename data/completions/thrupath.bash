# bash completion of thrupath; `thrupath --print-completion bash` makes it
_thrupath() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $prev in
		--path) return ;;
		-c|--report-cycles) return ;;
		-i|--interval) return ;;
		-P|--port) return ;;
		-s|--psize) return ;;
		-m|--max-ttl) return ;;
		-I|--interface) COMPREPLY=($(compgen -W "$(ls /sys/class/net)" -- "$cur")); return ;;
		-a|--address) return ;;
		--walk) COMPREPLY=($(compgen -W 'retrace direct natural return-only via all' -- "$cur")); return ;;
		--via) return ;;
		--carrier) COMPREPLY=($(compgen -W 'auto ipip gre srh usid' -- "$cur")); return ;;
		--sid-block) return ;;
		--sid-length) return ;;
		--inner-source) COMPREPLY=($(compgen -W 'auto hop self' -- "$cur")); return ;;
		--also-source) return ;;
		--from) return ;;
		-f|--first-ttl) return ;;
		-L|--localport) return ;;
		--flows) return ;;
		-Q|--tos) return ;;
		-M|--mark) return ;;
		-Z|--timeout) return ;;
		-G|--gracetime) return ;;
		--max-rate) return ;;
		--ndjson-every) return ;;
		-o|--order) return ;;
		-y|--ipinfo) return ;;
		--theme) COMPREPLY=($(compgen -W 'dark light contrast mono' -- "$cur")); return ;;
		--bind) return ;;
		--dns) return ;;
		--asn-db) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--city-db) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--here) return ;;
		--record) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--replay) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--simulate) return ;;
		--seed) return ;;
		--fail-if) return ;;
		--metrics) COMPREPLY=($(compgen -f -- "$cur")); return ;;
		--on-finding) return ;;
		--print-completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W '--path --public --report --report-wide --json --report-cycles --interval --no-dns --show-ips --aslookup --udp --tcp --port --psize --max-ttl --interface --address --inet --inet6 --demo --walk --via --carrier --sid-block --sid-length --inner-source --also-source --return-side --from --reverse --no-to --no-through --scan --link-mtu --follow --no-public --first-ttl --localport --flows --tos --mark --timeout --gracetime --max-rate --mtr --report-on-exit --csv --xml --markdown --html --raw --ndjson --ndjson-every --curses --order --ipinfo --mpls --theme --no-mouse --bind --bell --dns --asn-db --city-db --here --hints --explain --anonymise --record --replay --simulate --seed --fail-if --metrics --on-finding --list-demos --print-config --print-completion --help --version' -- "$cur"))
	elif [[ " ${COMP_WORDS[*]} " == *' --demo '* ]]; then
		COMPREPLY=($(compgen -W "$(thrupath --list-demos 2>/dev/null | awk '{print $1}')" -- "$cur"))
	else
		COMPREPLY=($(compgen -A hostname -- "$cur"))
	fi
}
complete -F _thrupath thrupath
