# SPDX-License-Identifier: GPL-3.0-or-later
# Holds source files against the rules of HACKING; prints FILE:LINE: what is wrong.
# Run by tests/lint/test_lint.sh with paths relative to the top of the tree.

# layers[dir]: what its files may include, words of " dir " or " dir/file.h ".
BEGIN {
	layers["base"] = " "
	layers["pkt"] = " base "
	layers["io"] = " base "
	layers["model"] = " base pkt "
	layers["probe"] = " base pkt model "
	layers["net"] = " base pkt io "
	layers["sim"] = " base pkt io net/transport.h "
	layers["names"] = " base pkt/addr.h io "
	layers["infer"] = " base pkt/addr.h pkt/mate.h model "
	layers["diag"] = " base pkt/addr.h pkt/mate.h model infer "
	layers["atlas"] = " base model infer names pkt/addr.h pkt/mate.h "
	layers["read"] = " base pkt/addr.h "
	layers["explain"] = " base pkt/addr.h infer names read snap "
	layers["run"] = " base pkt io net model probe diag names atlas snap sim "
	layers["cli"] = " base pkt io/savefile.h names/place.h diag/diag.h run snap tui/theme.h view "
	layers["snap"] = " base model infer diag names atlas pkt/addr.h pkt/mate.h "
	layers["view"] = " base snap names/hints.h "
	layers["report"] = " base explain/explain.h snap names/hints.h view/columns.h view/ladder.h view/mtu.h view/notes.h view/words.h "
	layers["tui"] = " base snap view io/loop.h "
	layers["helper"] = " base pkt io net "

	# What only some places may call. Directories are as in " io sim/file.c ".
	allowed["clock_gettime"] = allowed["time"] = allowed["gettimeofday"] = " io sim/veth_bridge.c "
	allowed["exit"] = allowed["abort"] = allowed["perror"] = " app "
	allowed["_exit"] = " app base/mem.c sim/netns.c net/helper_client.c "
	allowed["malloc"] = allowed["calloc"] = allowed["realloc"] = allowed["reallocarray"] = \
		allowed["strdup"] = allowed["strndup"] = " base/mem.c "
	split("ntohs htons ntohl htonl strcpy strcat strncat sprintf vsprintf atoi atol atof " \
		"strtok gets alloca setjmp longjmp", never, " ")
	for (i in never)
		allowed[never[i]] = " "
}

function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
}

# Is FILENAME (src/DIR/FILE) among the words?
function is_here(words) {
	return index(words, " " dir " ") || index(words, " " dir "/" file " ")
}

function columns(text,   n, i) {
	n = 0
	for (i = 1; i <= length(text); i++)
		n += substr(text, i, 1) == "\t" ? 4 : 1
	return n
}

FNR == 1 {
	count = split(FILENAME, part, "/")
	is_src = part[1] == "src" && count == 3
	dir = is_src ? part[2] : ""
	file = part[count]
	is_header = file ~ /\.h$/
	in_comment = 0
	if ($0 !~ /SPDX-License-Identifier: GPL-3\.0-or-later/)
		complain("the first line names no licence")
	if (is_src && !(dir in layers) && dir != "app")
		complain("the layer " dir " is not in the table of tests/lint/lint.awk")
}

columns($0) > 100 { complain("longer than 100 columns (a tab counts 4)") }
/[ \t]$/ { complain("blanks at the end") }
FNR == 801 { complain("the file has more than 800 lines") }
/TODO|FIXME/ && !/TODO\(#[0-9]+\)/ { complain("a TODO needs the number of an issue") }

/assert_in_range\(/ { complain("assert_between() has one name with every cmocka") }

is_header && FNR == 2 {
	wanted = is_src ? dir "_" file : file
	gsub(/[.]/, "_", wanted)
	wanted = toupper(wanted)
	if (is_src ? $0 != "#ifndef THRUPATH_" wanted : $0 !~ ("^#ifndef THRUPATH_.*_" wanted "$"))
		complain("the guard should be THRUPATH_" (is_src ? "" : "..._") wanted)
}

is_src && /^#include "/ {
	name = $2
	gsub(/"/, "", name)
	split(name, to, "/")
	if (name !~ /\//) {
		if (name != "config.h")
			complain("an include of ours names its directory: " name)
	} else if (to[1] != dir && dir != "app" && dir in layers &&
	    !index(layers[dir], " " to[1] " ") && !index(layers[dir], " " name " ")) {
		complain(dir " may not include " name)
	}
	if (name ~ /_int\.h$/ && to[1] != dir)
		complain(name " is private to " to[1])
}
is_src && /^#include <(n?curses|term)\.h>|^#include <ncursesw?\// && FILENAME != "src/tui/term.c" {
	complain("only tui/term.c knows curses")
}

# Words before a parenthesis, outside comments and strings.
is_src {
	code = $0
	gsub(/\\"/, "", code)
	gsub(/"[^"]*"/, "\"\"", code)
	gsub(/\/\*.*\*\//, "", code)
	if (in_comment) {
		if (code ~ /\*\//) {
			in_comment = 0
			sub(/.*\*\//, "", code)
		} else {
			code = ""
		}
	}
	if (code ~ /\/\*/) {
		in_comment = 1
		sub(/\/\*.*/, "", code)
	}
	while (match(code, /[A-Za-z_][A-Za-z_0-9]*\(/)) {
		word = substr(code, RSTART, RLENGTH - 1)
		before = RSTART > 1 ? substr(code, RSTART - 1, 1) : " "
		if (word in allowed && before != "." && before != ">" && !is_here(allowed[word]))
			complain(word "() is not for this directory")
		code = substr(code, RSTART + RLENGTH)
	}
}

# A function ends with a brace in the first column; tables do not count.
/^{/ { opened = FNR }
/^}/ && opened {
	if (FNR - opened - 1 > 80)
		complain("a function of " (FNR - opened - 1) " lines; 80 are the most")
	opened = 0
}
FNR == 1 { opened = 0 }
